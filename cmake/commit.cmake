# Writes HEADER with the commit of the checkout at SOURCE, or "unknown" where there is none.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define ALUDEL_COMMIT \"@commit@\"\n" @ONLY)
