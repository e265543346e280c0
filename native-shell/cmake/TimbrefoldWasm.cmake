# WebAssembly ahead of time: module -> wasm2c -> C, compiled so that every result has the bits it has in V8.
find_program(NODE node REQUIRED)
find_path(SIMDE_INCLUDE simde/wasm/simd128.h REQUIRED)
set(WABT "${TIMBREFOLD_ROOT}/node_modules/wabt/bin")

# timbrefold_translate(<target> <wasm file> <name>): adds the C of the module to the target; its header is <name>-module.h, its symbols are w2c_<name>_*.
function(timbrefold_translate target wasm name)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  set(source "${folder}/${name}-module.c")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(
    OUTPUT "${source}" "${folder}/${name}-module.h"
    COMMAND "${NODE}" "${WABT}/wasm2c" "${wasm}" --module-name ${name} --output "${source}"
    DEPENDS "${wasm}" "${WABT}/wasm2c"
    COMMENT "Translating ${name} to C"
    VERBATIM)
  target_sources(${target} PRIVATE "${source}")
  target_include_directories(${target} PRIVATE "${folder}" "${SIMDE_INCLUDE}")
  # No fused multiply-add (WebAssembly has none), rounding and square root as single instructions, nothing that changes a result.
  # Sanitizers would watch a memory that has its own checks, at minutes of compile time.
  set(flags -O3 -w -fno-sanitize=all -ffp-contract=off -fno-math-errno -fno-trapping-math -DNDEBUG)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND flags -march=x86-64-v2)
  endif()
  set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS "${flags}")
endfunction()
