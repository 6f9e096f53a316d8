#!/usr/bin/env python3
"""recipes.py FOLDER: conanfile.py does what it should, and the recipes know the same adapters.

Conan itself is not needed: its modules are stood in for by what is below. The package that the recipe makes comes to
FOLDER/package, and what Conan's CMakeDeps would write for it, without and with all adapters, to FOLDER/plain and
FOLDER/adapters.
"""
import fnmatch
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import types
from collections import defaultdict
from pathlib import Path

sys.dont_write_bytecode = True
root = Path(__file__).resolve().parents[2]
problems = []


def expect(condition, sentence):
    if not condition:
        problems.append(sentence)


class ConanFile:
    def requires(self, reference, **traits):
        self.required.append((reference, traits))


class CppInfo:
    def __init__(self):
        self.properties = {}
        self.components = defaultdict(CppInfo)
        self.requires = []
        self.includedirs, self.libdirs, self.bindirs = ["include"], ["lib"], ["bin"]

    def set_property(self, name, value):
        self.properties[name] = value


class Options(types.SimpleNamespace):
    def get_safe(self, name):
        return getattr(self, name, None)


class CMakeToolchain:
    variables = {}

    def __init__(self, recipe):
        self.cache_variables = CMakeToolchain.variables

    def generate(self):
        pass


class CMake:
    def __init__(self, recipe):
        self.recipe = recipe

    def configure(self):
        variables = [f"-D{name}={'ON' if value else 'OFF'}" for name, value in CMakeToolchain.variables.items()]
        build = Path(self.recipe.package_folder).parent / "build"
        subprocess.run(["cmake", "-S", self.recipe.source_folder, "-B", build, *variables], check=True)


def copy(recipe, pattern, source, destination):
    for file in sorted(Path(source).rglob("*")):
        name = file.relative_to(source)
        if file.is_file() and fnmatch.fnmatch(str(name), pattern):
            (Path(destination) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, Path(destination) / name)


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(members)


def load(path):
    module("conan", ConanFile=ConanFile)
    module("conan.tools")
    module("conan.tools.build", check_min_cppstd=lambda recipe, standard: expect(
        standard == 20, f"conanfile.py: asks for C++{standard}; stet needs C++20"), can_run=lambda recipe: True)
    module("conan.tools.cmake", CMake=CMake, CMakeDeps=CMakeToolchain, CMakeToolchain=CMakeToolchain,
           cmake_layout=lambda recipe: None)
    module("conan.tools.files", copy=copy)
    spec = importlib.util.spec_from_file_location("recipe", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return next(v for v in vars(loaded).values() if isinstance(v, type) and issubclass(v, ConanFile) and v != ConanFile)


def run(recipe_class, work, chosen):
    """All that Conan asks of a recipe, in its order; `chosen` are the adapters whose options are on."""
    recipe = recipe_class()
    recipe.required = []
    recipe.recipe_folder = str(root)
    recipe.source_folder = str(work / "source")
    recipe.package_folder = str(work / "package")
    recipe.options = Options(**{**recipe.default_options, **{f"with_{adapter}": True for adapter in chosen}})
    recipe.info = types.SimpleNamespace(clear=lambda: setattr(recipe, "cleared", True))
    recipe.cpp_info = CppInfo()
    recipe.set_version()
    for pattern in recipe.exports_sources:
        copy(recipe, pattern, root, work / "source")
    recipe.layout()
    recipe.requirements()
    recipe.package_id()
    expect(getattr(recipe, "cleared", False), "conanfile.py: package_id: a package of headers is one for all settings")
    recipe.validate()
    recipe.generate()
    recipe.build()
    recipe.package()
    recipe.package_info()

    expect([name for name, _ in recipe.required][:1] == ["boost/[>=1.81.0 <2]"], "conanfile.py: does not require boost")
    expect(len(recipe.required) == 1 + len(chosen), f"conanfile.py: requires {recipe.required} with {chosen}")
    expect(all(traits.get("transitive_headers") for _, traits in recipe.required),
           "conanfile.py: who includes stet includes what it requires; say transitive_headers=True")
    targets = [component.properties["cmake_target_name"] for component in recipe.cpp_info.components.values()]
    expect(targets == ["stet::stet"] + [f"stet::{adapter}" for adapter in chosen],
           f"conanfile.py: package_info: makes the targets {targets} with {chosen}")
    expect(recipe.cpp_info.properties["cmake_target_name"] not in targets,
           "conanfile.py: package_info: the target of all components needs a name of its own")
    return recipe


def write_config(recipe, folder):
    """What CMakeDeps writes, as far as find_package and the targets go."""
    components = recipe.cpp_info.components
    text = "find_package(Boost 1.81 CONFIG REQUIRED)\ninclude(" + str(root) + "/cmake/stetAdapters.cmake)\n"
    for name, component in components.items():
        target = component.properties["cmake_target_name"]
        if name != "core":
            text += f"stet_find_adapter({name} QUIET)\n"
        text += f"add_library({target} INTERFACE IMPORTED)\n"
        for include in component.includedirs:
            text += f"target_include_directories({target} INTERFACE {recipe.package_folder}/{include})\n"
        for required in component.requires:
            if required in components:
                required = components[required].properties["cmake_target_name"]
            elif name != "core":
                required = f"${{stet_{name}_target}}"  # Conan's own name for it is another one
            text += f"target_link_libraries({target} INTERFACE {required.replace('boost::', 'Boost::')})\n"
    text += ("foreach(component IN LISTS stet_FIND_COMPONENTS)\n    if(NOT TARGET stet::${component})\n"
             "        set(stet_FOUND FALSE)\n    endif()\nendforeach()\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stetConfig.cmake").write_text(text)


def same(where, listed, adapters):
    for adapter in sorted(adapters - listed):
        problems.append(f"{where} has no {adapter}, which cmake/stetAdapters.cmake has; add it there too")
    for adapter in sorted(listed - adapters):
        problems.append(f"{where} has {adapter}, and cmake/stetAdapters.cmake has not; add it there, or remove it")


def main(work):
    shutil.rmtree(work, ignore_errors=True)
    adapters = re.findall(r"^stet_adapter\((\w+)", (root / "cmake/stetAdapters.cmake").read_text(), re.MULTILINE)
    version = ".".join(re.findall(r"#define STET_VERSION_\w+ (\d+)", (root / "include/stet/version.hpp").read_text()))
    manifest = json.loads((root / "vcpkg.json").read_text())
    port = json.loads((root / "cmake/vcpkg/stet/vcpkg.json").read_text())
    recipe_class = load(root / "conanfile.py")
    load(root / "test_package/conanfile.py")

    same("include/stet/with/", {file.stem for file in (root / "include/stet/with").glob("*.hpp")}, set(adapters))
    same("conanfile.py, adapters,", {name.removeprefix("with_") for name in recipe_class.options}, set(adapters))
    for where, features in (("vcpkg.json, features,", set(manifest["features"]) - {"tests"}),
                            ("cmake/vcpkg/stet/vcpkg.json, features,", set(port["features"]))):
        same(where, {feature.replace("-", "_") for feature in features}, set(adapters))
    for feature, what in port["features"].items():
        expect(manifest["features"].get(feature) == what,
               f"vcpkg.json and cmake/vcpkg/stet/vcpkg.json say different things of {feature}")
    expect(port["version"] == version, f"cmake/vcpkg/stet/vcpkg.json is of {port['version']}, version.hpp of {version}")
    if not problems:
        recipe = run(recipe_class, work, [])
        write_config(recipe, work / "plain")
        expect(recipe.version == version, f"conanfile.py: set_version: {recipe.version}, and version.hpp says {version}")
        write_config(run(recipe_class, work, adapters), work / "adapters")
    print("\n".join(problems))
    return 1 if problems else 0


sys.exit(main(Path(sys.argv[1]).resolve()))
