# ONNX Runtime travels beside each binary that uses it, under a name of its own: a host may carry another library that is called as upstream calls it.
if(WIN32)
  set(TIMBREFOLD_ORT_NAME "timbrefold-onnxruntime.dll")
elseif(APPLE)
  set(TIMBREFOLD_ORT_NAME "libtimbrefold-onnxruntime.dylib")
else()
  set(TIMBREFOLD_ORT_NAME "libtimbrefold-onnxruntime.so")
endif()

# The dynamic linker knows an open library by the name it carries inside, so that is changed too.
set(rename)
if(APPLE)
  set(rename COMMAND install_name_tool -id "@rpath/${TIMBREFOLD_ORT_NAME}" "${TIMBREFOLD_ORT_NAME}" COMMAND codesign --force --sign - "${TIMBREFOLD_ORT_NAME}")
elseif(NOT WIN32)
  find_program(PATCHELF patchelf REQUIRED)
  set(rename COMMAND "${PATCHELF}" --set-soname "${TIMBREFOLD_ORT_NAME}" "${TIMBREFOLD_ORT_NAME}")
endif()
set(TIMBREFOLD_ORT_RENAMED "${CMAKE_CURRENT_BINARY_DIR}/onnxruntime/${TIMBREFOLD_ORT_NAME}")
add_custom_command(
  OUTPUT "${TIMBREFOLD_ORT_RENAMED}"
  COMMAND "${CMAKE_COMMAND}" -E copy "${TIMBREFOLD_ORT_LIBRARY}" "${TIMBREFOLD_ORT_NAME}" ${rename}
  WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/onnxruntime"
  DEPENDS "${TIMBREFOLD_ORT_LIBRARY}"
  COMMENT "Naming ONNX Runtime ${TIMBREFOLD_ORT_NAME}"
  VERBATIM)
file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/onnxruntime")
add_custom_target(timbrefold-onnxruntime DEPENDS "${TIMBREFOLD_ORT_RENAMED}")

# timbrefold_carry_onnxruntime(<target>): puts the library beside the target's binary.
function(timbrefold_carry_onnxruntime target)
  add_dependencies(${target} timbrefold-onnxruntime)
  add_custom_command(
    TARGET ${target}
    PRE_LINK
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${TIMBREFOLD_ORT_RENAMED}" "$<TARGET_FILE_DIR:${target}>"
    VERBATIM)
endfunction()
