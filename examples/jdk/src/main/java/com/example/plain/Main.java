package com.example.plain;

import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.TelemetryCall;
import ai.pediscreen.telemetry.memory.InMemoryStore;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;

/** Records three calls of a model, one of which fails, and asks what there was. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    try (Telemetry telemetry = Telemetry.builder().store(InMemoryStore.bounded(100_000)).build()) {
      for (int status : new int[] {200, 200, 503}) {
        try (TelemetryCall call = telemetry.start("medgemma-4b")) {
          call.org("clinic-7").tokens(812, 96).status(status);
        }
      }
      Overview day = telemetry.usage().overview(UsageFilter.last(UsageRange.DAY).org("clinic-7"));
      System.out.printf("%d requests, %d errors%n", day.requests(), day.errors());
    }
  }
}
