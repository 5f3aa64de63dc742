// Debian's libxml2 is built with ICU and its headers include ICU's, of another version than the one inside Foundation:
// a Swift file that sees both is refused. Only private fields of handlers depend on it, which nobody here touches.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlreader.h>
