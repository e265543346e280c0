// dist/editor.zip inside the plug-in.
#pragma once

namespace EditorFiles
{
extern const char* const editor_zip;
extern const int editor_zipSize;
} // namespace EditorFiles
