// What a program that embeds a whole daemon includes; link `berth::runtime`.

#pragma once

#include "actors/runtime.hpp"
