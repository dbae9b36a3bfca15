// What a program that uses a Berth daemon includes; link `berth::client`.

#pragma once

#include "actors/remote/connection.hpp"
