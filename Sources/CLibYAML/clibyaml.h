// The system's libyaml. Imported by the YAMLDocument target and by nothing else.
#include <yaml.h>
