// A misspelt path; the nearest existing name is in the output.
// expect: stet: no such field; the nearest existing name is in NoSuchField<wrong, nearest>
// expect: llm.max_tokens
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Llm {
    int temperature = 0;
    int max_tokens = 0;
};
struct Settings {
    Llm llm;
    int port = 0;
};

int main() {
    const auto patch = stet::diff(Settings{}, Settings{});
#ifdef FAIL
    return patch.touches(stet::field<"llm.max_token">) ? 1 : 0;
#else
    return patch.touches(stet::field<"llm.max_tokens">) ? 1 : 0;
#endif
}
