#include <stet/test/killing_files.hpp>

#include "../folder.hpp"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <string>

TEST_CASE("KillingFiles: the process ends in the middle of the n-th call") {
    for (std::size_t call = 1; call <= 5; ++call) {
        const Folder folder;
        const std::string path = folder / "a";
        const pid_t child = ::fork();
        if (child == 0) {
            stet::test::KillingFiles files(call);
            bool ok = true;
            {
                auto file = files.create(path + ".new");
                ok = file && files.write(*file, "four") && files.sync(*file);
            }
            ok = ok && files.rename(path + ".new", path);
            ::_exit(ok ? 0 : 1);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status) == (call < 5));
        if (call < 5) CHECK(WTERMSIG(status) == SIGKILL);
        stet::Files files;
        CHECK(*files.exists(path) == (call == 5));
        if (call == 1) CHECK(!*files.exists(path + ".new"));
        else if (call == 2) CHECK(*files.read(path + ".new") == "fo");
        else if (call < 5) CHECK(*files.read(path + ".new") == "four");
        else CHECK(*files.read(path) == "four");
    }
}
