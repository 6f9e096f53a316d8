import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy

required_conan_version = ">=2.0"


class StetConan(ConanFile):
    name = "stet"
    description = "Numbered revisions, field-wise diffs, validation and rollback for any C++ aggregate"
    license = "BSL-1.0"
    topics = ("settings", "history", "undo", "diff", "reflection", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"with_nlohmann_json": [True, False]}
    default_options = {"with_nlohmann_json": False}
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*"
    no_copy_source = True

    def set_version(self):
        text = (Path(self.recipe_folder) / "include" / "stet" / "version.hpp").read_text()
        self.version = ".".join(re.findall(r"#define STET_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.81.0 <2]", options={"header_only": True}, transitive_headers=True)
        if self.options.with_nlohmann_json:
            self.requires("nlohmann_json/[>=3.11 <4]", transitive_headers=True)

    def package_id(self):
        self.info.clear()

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for option in ("TESTS", "EXAMPLES", "BENCH"):
            toolchain.cache_variables[f"STET_{option}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()

    def package(self):
        copy(self, "LICENSE", self.source_folder, str(Path(self.package_folder) / "licenses"))
        copy(self, "*.hpp", str(Path(self.source_folder) / "include"), str(Path(self.package_folder) / "include"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "stet")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "stet::stet")
        core.set_property("pkg_config_name", "stet")
        core.requires = ["boost::headers"]
        core.bindirs = []
        core.libdirs = []
        if self.options.with_nlohmann_json:
            adapter = self.cpp_info.components["nlohmann_json"]
            adapter.set_property("cmake_target_name", "stet::nlohmann_json")
            adapter.requires = ["core", "nlohmann_json::nlohmann_json"]
            adapter.bindirs = []
            adapter.libdirs = []
