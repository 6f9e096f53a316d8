# vcpkg install stet --overlay-ports=FOLDER/cmake/vcpkg: the port of the sources that it stands in. In a registry
# SOURCE_PATH comes from vcpkg_from_github, and the rest is the same.
set(VCPKG_BUILD_TYPE release) # header-only
cmake_path(SET SOURCE_PATH NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../..")

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DSTET_TESTS=OFF
        -DSTET_EXAMPLES=OFF
        -DSTET_BENCH=OFF
        -DSTET_INSTALL=ON
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/stet)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/licenses") # vcpkg has one place for it
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
