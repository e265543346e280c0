# Upstream's release of JUCE, where no Debian brings it (macOS, Windows); sets TIMBREFOLD_JUCE to its sources.
include(FetchContent)
FetchContent_Declare(juce GIT_REPOSITORY https://github.com/juce-framework/JUCE.git GIT_TAG 8.0.6 GIT_SHALLOW TRUE SOURCE_SUBDIR only-the-sources)
FetchContent_MakeAvailable(juce)
set(TIMBREFOLD_JUCE "${juce_SOURCE_DIR}")
