# Warnings as errors for our own code; what wasm2c and libraries bring is not ours to correct.
function(timbrefold_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror)
endfunction()
