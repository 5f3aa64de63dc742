#pragma once
// Nothing to call: linking this target into a program sets how the engine's threads wait. See wait_policy.c.
