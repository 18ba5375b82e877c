/**
 * Telemetry in the database that a program has anyway: see {@link com.example.web.ScreeningServer}.
 */
@NullMarked
package com.example.web;

import org.jspecify.annotations.NullMarked;
