// The editor's logic without a window: files of the view, text of messages, what moves, keys, the user's folder.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "HostKeys.h"
#include "MovingMessages.h"
#include "Resources.h"
#include "QuietPipe.h"
#include "UserFolder.h"
#include "ViewProcess.h"
#include "Wire.h"

#include <doctest/doctest.h>
#include <stdexcept>
#if defined(__linux__)
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace timbrefold;
using Json = nlohmann::json;

TEST_CASE ("the page is found by \"/\", its parts by their names, with types that browsers take")
{
    const auto page = viewFile ("/");
    REQUIRE (page.has_value());
    CHECK (page->mime == "text/html");
    const std::string text (reinterpret_cast<const char*> (page->bytes.data()), page->bytes.size());
    CHECK (text.find ("Content-Security-Policy") != std::string::npos);
    CHECK (text.find ("http:") == std::string::npos);
    CHECK (text.find ("https:") == std::string::npos);
    REQUIRE (viewFile ("/view.js").has_value());
    CHECK (viewFile ("/view.js")->mime == "text/javascript");
    const auto core = viewFile ("/core.wasm");
    REQUIRE (core.has_value());
    CHECK (core->mime == "application/wasm");
    CHECK (std::to_integer<int> (core->bytes[1]) == 'a');
    CHECK (viewFile ("/ort-wasm-simd-threaded.mjs")->mime == "text/javascript");
    CHECK (mimeOf ("fonts/inter.woff2") == "font/woff2");
}

TEST_CASE ("what is not among the view's files is not there")
{
    for (const auto* path : { "/nothing.js", "/../editor.zip", "//etc/passwd", "/index.html/..", "" })
        CHECK_FALSE (viewFile (path).has_value());
}

TEST_CASE ("messages are written in ASCII and read back the same")
{
    const Json message { { "type", "notice" }, { "text", "Gr\xc3\xbc\xc3\x9f" "e \xf0\x9f\x8e\xb9 \"it's\" \\ ~ ` ^" } };
    const auto text = toWire (message);
    CHECK (std::all_of (text.begin(), text.end(), [] (char c) { return c >= 0x20 && c < 0x7f; }));
    // None of the letters that JUCE would have to escape, but for those that stand for the rare ones.
    CHECK (toWire ({ { "type", "notice" }, { "text", "a \"b\" 'c' \n" } }).find_first_of ("\"'\\") == std::string::npos);
    CHECK (fromWire (text) == message);
    // A file's name may be anything but UTF-8.
    CHECK_FALSE (fromWire (toWire ({ { "text", "caf\xe9" } })).is_discarded());
    CHECK (fromWire ("no message").is_discarded());
}

TEST_CASE ("of what moves a busy view gets the newest, once it has shown the last")
{
    MovingMessages moving;
    const auto meters = [] (int peak) { return Json { { "type", "meters" }, { "peak", peak } }; };
    const Json spectrum { { "type", "spectrum" } };
    CHECK (MovingMessages::moves ("wave"));
    CHECK_FALSE (MovingMessages::moves ("parameters"));
    CHECK (moving.offer ("meters", meters (1)));
    CHECK (moving.offer ("spectrum", spectrum));
    CHECK_FALSE (moving.offer ("meters", meters (2)));
    CHECK_FALSE (moving.offer ("meters", meters (3)));
    const auto next = moving.shown();
    REQUIRE (next.size() == 1);
    CHECK (next[0] == meters (3));
    // That one is on its way again.
    CHECK_FALSE (moving.offer ("meters", meters (4)));
    CHECK (moving.shown() == std::vector<Json> { meters (4) });
    CHECK (moving.shown().empty());
    CHECK (moving.offer ("meters", meters (5)));
}

TEST_CASE ("keys have the names that X11 gives them")
{
    const auto named = [] (const char* key, const char* code) { return keysymOf ({ true, key, code, false, false, false }); };
    CHECK (named (" ", "Space") == 0x20);
    CHECK (named ("F5", "F5") == 0xffc2);
    CHECK (named ("r", "KeyR") == 'r');
    CHECK (named ("R", "KeyR") == 'R');
    CHECK (named ("0", "Numpad0") == 0xffb0);
    // Let go without a name, after the focus went.
    CHECK (named ("", "KeyR") == 'r');
    CHECK (named ("", "Digit7") == '7');
    CHECK (named ("AudioVolumeUp", "AudioVolumeUp") == 0);
    CHECK (named ("F99", "F99") == 0);
}

namespace
{
struct Folder
{
    Folder() : place (juce::File::createTempFile ("timbrefold")) {}
    ~Folder() { place.deleteRecursively(); }
    juce::File place;
};
} // namespace

TEST_CASE ("presets are files of the user's folder")
{
    const Folder folder;
    const UserFolder user (folder.place);
    CHECK (user.presets().empty());
    CHECK (user.remembered().empty());

    const auto first = user.store ("", "Gl\xc3\xa4sern / 1", "one");
    const auto second = user.store ("", "Gl\xc3\xa4sern / 1", "two");
    CHECK (first != second);
    CHECK (user.store (first, "another name", "three") == first);
    const auto presets = user.presets();
    REQUIRE (presets.size() == 2);
    for (const auto& [id, text] : presets)
        CHECK (text == (id == first ? "three" : "two"));
    CHECK (folder.place.getChildFile ("presets").getNumberOfChildFiles (juce::File::findFiles) == 2);

    user.remove (first);
    REQUIRE (user.presets().size() == 1);
    CHECK (user.presets()[0].id == second);
    CHECK_NOTHROW (user.remove (first));

    user.remember ("{\"tour\":true}");
    CHECK (user.remembered() == "{\"tour\":true}");
}

TEST_CASE ("an id never leads out of the folder")
{
    const Folder folder;
    const UserFolder user (folder.place);
    for (const auto* id : { "../a.json", "/etc/passwd", "a/b.json", ".hidden.json", "a.txt" })
    {
        CHECK_THROWS_AS (user.store (id, "a", "text"), std::runtime_error);
        CHECK_THROWS_AS (user.remove (id), std::runtime_error);
    }
    CHECK (user.store ("", "../../up", "text").find ('/') == std::string::npos);
}

TEST_CASE ("a folder that cannot be written to is said in a sentence")
{
    const Folder folder;
    // A file where the folder should be: not even root can write below it.
    folder.place.replaceWithText ("a file");
    const UserFolder user (folder.place);
    CHECK_THROWS_WITH_AS (user.store ("", "a", "text"), doctest::Contains ("could not be written"), std::runtime_error);
    CHECK (user.presets().empty());
}

#if defined(__linux__)
namespace
{
/** A process that passes for a view's and stops before it reads anything; `pipe` is where it would be written to. */
struct StoppedView
{
    StoppedView()
    {
        int ends[2];
        REQUIRE (::pipe (ends) == 0);
        process = fork();
        if (process == 0)
        {
            dup2 (ends[0], STDIN_FILENO);
            close (ends[0]);
            close (ends[1]);
            execl ("/bin/sh", "sh", "-c", "kill -STOP $$", "sh", "--juce-gtkwebkitfork-child", nullptr);
            _exit (1);
        }
        close (ends[0]);
        pipe = ends[1];
        int status = 0;
        waitpid (process, &status, WUNTRACED);
        REQUIRE (WIFSTOPPED (status));
    }
    ~StoppedView() { close (pipe); }

    /** The signal by which it ended. */
    int end() const
    {
        int status = 0;
        waitpid (process, &status, 0);
        return WIFSIGNALED (status) ? WTERMSIG (status) : 0;
    }

    int process = 0, pipe = -1;
};
} // namespace

TEST_CASE ("a view's process that stops reading is ended, and the write to it fails instead of waiting for ever")
{
    const StoppedView view;
    CHECK (viewProcesses().count (view.process) == 1);
    WatchedWrites writes (view.process, std::chrono::milliseconds (40));
    // More than any pipe holds.
    const std::vector<char> message (1 << 21);
    const QuietPipe quiet;
    {
        const WatchedWrites::Write write (writes);
        ssize_t written = 0;
        for (std::size_t at = 0; at < message.size() && written >= 0; at += static_cast<std::size_t> (written))
            written = ::write (view.pipe, message.data() + at, message.size() - at);
        CHECK (written == -1);
        CHECK (errno == EPIPE);
    }
    CHECK (view.end() == SIGKILL);
}

TEST_CASE ("closing a view ends a process that does not answer")
{
    const StoppedView view;
    {
        const EndOfViewProcess end (view.process);
        CHECK (view.end() == SIGKILL);
    }
}
#endif
