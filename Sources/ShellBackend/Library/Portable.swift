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
        # A caller may have blocked the signals that this works with.
        PERL_BADLANG=0 perl -MPOSIX=:signal_h -e '
          sigprocmask(SIG_SETMASK, POSIX::SigSet->new);
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
    // Reckoned here, because `date` has no option for it that Linux and macOS share, and because every look at a metric
    // needs it: starting a program each time is what would take longest. The year begins in March, as in
    // Hinnant's "chrono-compatible low-level date algorithms", so that the leap day is its last.
    ShellFunction(
      "moment", "SECONDS since 1970: that time as text, such as 2026-06-02T09:00:00Z.",
      body: #"""
        [[ $1 =~ ^[0-9]+$ ]] || return 1
        local day=$(($1 / 86400 + 719468)) second=$(($1 % 86400)) era year month
        era=$((day / 146097))
        day=$((day % 146097))
        year=$(((day - day / 1460 + day / 36524 - day / 146096) / 365))
        day=$((day - 365 * year - year / 4 + year / 100))
        month=$(((5 * day + 2) / 153))
        day=$((day - (153 * month + 2) / 5 + 1))
        month=$((month < 10 ? month + 3 : month - 9))
        year=$((year + era * 400 + (month < 3)))
        printf '%04d-%02d-%02dT%02d:%02d:%02dZ\n' "${year}" "${month}" "${day}" "$((second / 3600))" "$((second / 60 % 60))" "$((second % 60))"
        """#),
    ShellFunction(
      "seconds_of", "TIME such as 2026-06-02T09:00:00Z: seconds since 1970. Fails when it is no such time.",
      body: #"""
        local form='^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([.][0-9]+)?Z$' year month day
        [[ $1 =~ ${form} ]] || return 1
        year=$((10#${BASH_REMATCH[1]} - (10#${BASH_REMATCH[2]} < 3)))
        month=$(((10#${BASH_REMATCH[2]} + 9) % 12))
        day=$((year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + 10#${BASH_REMATCH[3]} - 719469))
        echo "$((((day * 24 + 10#${BASH_REMATCH[4]}) * 60 + 10#${BASH_REMATCH[5]}) * 60 + 10#${BASH_REMATCH[6]}))"
        """#),
    ShellFunction(
      "json_text", "TEXT: the text as a value of JSON.",
      body: #"""
        local text=$1
        text=${text//\\/\\\\}
        text=${text//\"/\\\"}
        text=${text//$'\n'/\\n}
        text=${text//$'\t'/\\t}
        printf '"%s"' "${text//[[:cntrl:]]/ }"
        """#),
  ]
}
