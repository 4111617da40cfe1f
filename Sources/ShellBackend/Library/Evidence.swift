import TextLayout

extension ShellLibrary {
  static let evidence: [ShellFunction] = [
    ShellFunction(
      "filled", "FILE: the template with {{name}} replaced by the values of the release.",
      body: #"""
        local text name value mark
        text=$(<"$1")
        for name in service environment version previous commit date result reason run operator checks; do
          value="EVIDENCE_${name}"
          mark="{{${name}}}"
          text=${text//"${mark}"/"${!value}"}
        done
        printf '%s\n' "${text}"
        """#)
  ]
}
