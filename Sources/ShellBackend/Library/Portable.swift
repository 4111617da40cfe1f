import TextLayout

extension ShellLibrary {
  /// What Linux and macOS do differently. Scripts keep to bash 3.2, which macOS still has, and to tools that both have.
  static let portable: [ShellFunction] = [
    ShellFunction(
      "limited",
      "SECONDS COMMAND…: runs a program, and ends it and what it started when it takes longer: 124, or 137 when it had to be",
      "killed 10 seconds later. Otherwise its own exit code. macOS has no timeout, but perl.",
      body: #"""
        local limit=$1 tool
        shift
        for tool in timeout gtimeout; do
          if command -v "${tool}" >/dev/null; then
            "${tool}" -k 10 "${limit}" "$@"
            return
          fi
        done
        PERL_BADLANG=0 perl -e '
          my $limit = shift;
          my $child = fork;
          defined $child or exit 125;
          if (!$child) {
            setpgrp;
            exec { $ARGV[0] } @ARGV;
            my $reason = $! + 0;
            print STDERR "$ARGV[0]: $!\n";
            exit($reason == 2 ? 127 : 126);
          }
          setpgrp $child, 0;
          my $over = 0;
          $SIG{ALRM} = sub {
            kill $over ? "KILL" : "TERM", -$child;
            kill "CONT", -$child;
            $over++;
            alarm 10;
          };
          for my $name (qw(INT TERM HUP)) {
            $SIG{$name} = sub { kill $name, -$child };
          }
          alarm $limit;
          waitpid $child, 0;
          my $signal = $? & 127;
          exit($over > 1 ? 137 : $over ? 124 : $signal ? 128 + $signal : $? >> 8);
        ' -- "${limit}" "$@"
        """#),
    ShellFunction(
      "moment", "SECONDS since 1970: that time as text, such as 2026-06-02T09:00:00Z.",
      body: #"jq -rn --argjson at "$1" '$at | todate'"#),
    ShellFunction(
      "seconds_of", "TIME such as 2026-06-02T09:00:00Z: seconds since 1970. Fails when it is no such time.",
      body: #"jq -rn --arg at "$1" '$at | sub("[.][0-9]+Z$"; "Z") | fromdate' 2>/dev/null"#),
  ]
}
