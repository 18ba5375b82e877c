/** Telemetry in memory, in a program without anything else: see {@link com.example.plain.Main}. */
@NullMarked
package com.example.plain;

import org.jspecify.annotations.NullMarked;
