import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class StetTestConan(ConanFile):
    settings = "os", "arch", "compiler", "build_type"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        chosen = [name for name, value in self.dependencies["stet"].options.items() if value == "True"]
        adapters = [name[len("with_"):] for name in chosen if name.startswith("with_")]
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["STET_ADAPTERS"] = ";".join(adapters)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if can_run(self):
            self.run(os.path.join(self.cpp.build.bindir, "example"), env="conanrun")
