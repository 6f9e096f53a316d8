import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy

required_conan_version = ">=2.0"

# The adapters of cmake/stetAdapters.cmake: what each requires, and the component of it that its target links to.
# tests/package/run says if one is missing here.
adapters = {
    "nlohmann_json": ("nlohmann_json/[>=3.11 <4]", "nlohmann_json::nlohmann_json"),
    "openssl": ("openssl/[>=1.1.1 <4]", "openssl::crypto"),
    "prometheus": ("prometheus-cpp/[>=1.0 <2]", "prometheus-cpp::prometheus-cpp-core"),
    "spdlog": ("spdlog/[>=1.9 <2]", "spdlog::libspdlog"),
    "sqlite": ("sqlite3/[>=3.38 <4]", "sqlite3::sqlite3"),
}
# Those that are built on others.
built_on = {"sqlite": ["nlohmann_json"]}


class StetConan(ConanFile):
    name = "stet"
    description = "Numbered revisions, field-wise diffs, validation and rollback for any C++ aggregate"
    license = "BSL-1.0"
    topics = ("settings", "history", "undo", "diff", "reflection", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {f"with_{adapter}": [True, False] for adapter in adapters}
    default_options = {f"with_{adapter}": False for adapter in adapters}
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*"
    no_copy_source = True

    def chosen(self):
        names = [name for name in adapters if self.options.get_safe(f"with_{name}")]
        names += [needed for name in names for needed in built_on.get(name, [])]
        return {name: what for name, what in adapters.items() if name in names}

    def set_version(self):
        text = (Path(self.recipe_folder) / "include" / "stet" / "version.hpp").read_text()
        self.version = ".".join(re.findall(r"#define STET_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.81.0 <2]", options={"header_only": True}, transitive_headers=True)
        for reference, _ in self.chosen().values():
            self.requires(reference, transitive_headers=True)

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
        # Conan makes a target of all components, too, and stet::stet, its usual name, is the library without adapters.
        self.cpp_info.set_property("cmake_target_name", "stet::all")
        self.component("core", "stet::stet", ["boost::headers"]).set_property("pkg_config_name", "stet")
        for name, (_, target) in self.chosen().items():
            self.component(name, f"stet::{name}", ["core", target, *built_on.get(name, [])])

    def component(self, name, target, requires):
        component = self.cpp_info.components[name]
        component.set_property("cmake_target_name", target)
        component.requires = requires
        component.bindirs = []
        component.libdirs = []
        return component
