/* json-c as the module CJSON. Only Documents imports it. */
#ifndef SEMIVISION_CJSON_H
#define SEMIVISION_CJSON_H

#include <json-c/json.h>

#endif
