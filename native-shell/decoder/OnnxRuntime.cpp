// Linking against ONNX Runtime would bind OrtGetApiBase to whichever library of that name the process saw first; asking one library by its handle does not.
#include "OnnxRuntime.h"

#include <filesystem>
#include <onnxruntime_cxx_api.h>
#include <stdexcept>
#include <string>
#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace timbrefold
{
namespace
{
[[noreturn]] void refuse (const std::string& why)
{
    throw std::runtime_error ("ONNX Runtime, which belongs beside the plug-in as " TIMBREFOLD_ORT_NAME ", could not be opened: " + why + ". Installing Timbrefold again repairs this.");
}

using ApiBase = const OrtApiBase* (ORT_API_CALL*) ();

#if defined(_WIN32)
ApiBase findApiBase()
{
    HMODULE self = nullptr;
    GetModuleHandleExW (GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, reinterpret_cast<LPCWSTR> (&openOnnxRuntime), &self);
    std::wstring path (32'768, L'\0');
    path.resize (GetModuleFileNameW (self, path.data(), static_cast<DWORD> (path.size())));
    path.replace (path.find_last_of (L'\\') + 1, std::wstring::npos, L"" TIMBREFOLD_ORT_NAME);
    const HMODULE library = LoadLibraryExW (path.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (library == nullptr)
        refuse ("it is missing or damaged");
    return reinterpret_cast<ApiBase> (GetProcAddress (library, "OrtGetApiBase"));
}
#else
#if defined(__APPLE__)
constexpr const char* besideThisBinary = "@loader_path/" TIMBREFOLD_ORT_NAME;
#else
constexpr const char* besideThisBinary = "$ORIGIN/" TIMBREFOLD_ORT_NAME;
#endif

ApiBase findApiBase()
{
    // RTLD_LOCAL: what the process loads later does not find our library's symbols either.
    void* library = dlopen (besideThisBinary, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
    {
        const std::string why = dlerror();
        // Sanitizers call the linker in our stead, and "beside" then means beside them.
        Dl_info self {};
        if (dladdr (reinterpret_cast<void*> (&openOnnxRuntime), &self) != 0)
            library = dlopen ((std::filesystem::path (self.dli_fname).replace_filename (TIMBREFOLD_ORT_NAME)).c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr)
            refuse (why);
    }
    return reinterpret_cast<ApiBase> (dlsym (library, "OrtGetApiBase"));
}
#endif

/** The library stays open until the process ends: sessions may outlive the last instance of the plug-in. */
const OrtApi* findApi()
{
    const ApiBase base = findApiBase();
    if (base == nullptr)
        refuse ("it is not ONNX Runtime");
    const OrtApi* const api = base()->GetApi (ORT_API_VERSION);
    if (api == nullptr)
        refuse (std::string ("it has version ") + base()->GetVersionString() + ", which is too old");
    return api;
}
} // namespace

void openOnnxRuntime()
{
    static const bool open = []
    {
        Ort::InitApi (findApi());
        return true;
    }();
    static_cast<void> (open);
}
} // namespace timbrefold
