// The assembler takes the bytes in as they are; as an array in C++ they would cost a minute of compiling.
#include "EditorFiles.h"

// clang-format off
__asm__ (
    ".section .rodata\n"
    ".balign 16\n"
    ".hidden timbrefold_editor_zip\n"
    ".hidden timbrefold_editor_zip_end\n"
    ".globl timbrefold_editor_zip\n"
    ".globl timbrefold_editor_zip_end\n"
    "timbrefold_editor_zip:\n"
    ".incbin \"" TIMBREFOLD_EDITOR_ZIP "\"\n"
    "timbrefold_editor_zip_end:\n"
    ".byte 0\n"
    ".previous\n");
// clang-format on

extern "C" const char timbrefold_editor_zip[], timbrefold_editor_zip_end[];

namespace EditorFiles
{
const char* const editor_zip = timbrefold_editor_zip;
const int editor_zipSize = static_cast<int> (timbrefold_editor_zip_end - timbrefold_editor_zip);
} // namespace EditorFiles
