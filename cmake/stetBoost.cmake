# Finds Boost.PFR; stet_missing_boost is empty, or the sentence that says what to do.
# vcpkg has a target Boost::pfr, the distributions and Conan only Boost::headers.
set(stet_missing_boost "")
if(NOT TARGET Boost::pfr AND NOT TARGET Boost::headers)
    find_package(boost_pfr CONFIG QUIET)
    if(NOT TARGET Boost::pfr)
        find_package(Boost 1.81 CONFIG QUIET)
    endif()
    if(NOT TARGET Boost::pfr AND NOT TARGET Boost::headers)
        set(stet_missing_boost "Boost.PFR of Boost 1.81 or newer (apt: libboost1.81-dev or a newer libboost1.NN-dev, \
brew: boost, vcpkg: boost-pfr, Conan: boost)")
    endif()
endif()
