# The command prints its own completion scripts; they are installed where the shells look.
function(semantrix_completion shell folder name)
  set(script ${PROJECT_BINARY_DIR}/completion/${shell}/${name})
  add_custom_command(OUTPUT ${script} DEPENDS semantrix_cli VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/completion/${shell}
    COMMAND semantrix_cli completion ${shell} > ${script})
  install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT cli)
  set_property(GLOBAL APPEND PROPERTY semantrix_completions ${script})
endfunction()

semantrix_completion(bash bash-completion/completions semantrix)
semantrix_completion(zsh zsh/vendor-completions _semantrix)
semantrix_completion(fish fish/vendor_completions.d semantrix.fish)

get_property(scripts GLOBAL PROPERTY semantrix_completions)
add_custom_target(semantrix_completion ALL DEPENDS ${scripts})
