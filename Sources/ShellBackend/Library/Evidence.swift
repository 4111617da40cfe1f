import TextLayout

extension ShellLibrary {
  static let evidence: [ShellFunction] = [
    ShellFunction(
      "filled", "FILE: the template with {{name}} replaced by the values of the release.",
      body: #"""
        local text name value
        text=$(<"$1")
        for name in service environment version previous commit date result reason run operator checks; do
          local -n value="EVIDENCE_${name}"
          text=${text//"{{${name}}}"/"${value}"}
          unset -n value
        done
        printf '%s\n' "${text}"
        """#)
  ]
}
