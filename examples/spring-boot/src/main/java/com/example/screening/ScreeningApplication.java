package com.example.screening;

import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.postgres.PostgresStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Screens texts with a model, and keeps telemetry of its calls in the application's database. */
@SpringBootApplication
public class ScreeningApplication {

  public static void main(String[] args) {
    SpringApplication.run(ScreeningApplication.class, args);
  }

  /** Closed with the context, before the pool: what was recorded is stored by then. */
  @Bean
  Telemetry telemetry(DataSource dataSource) {
    return Telemetry.builder()
        .store(PostgresStore.of(dataSource))
        .closeWithin(Duration.ofSeconds(3))
        .build();
  }

  @Bean
  HealthIndicator telemetryHealthIndicator(Telemetry telemetry) {
    return () ->
        (telemetry.isStoreAway() ? Health.outOfService() : Health.up())
            .withDetail("dropped", telemetry.drops())
            .build();
  }

  @Bean
  MeterBinder telemetryMeters(Telemetry telemetry) {
    return registry ->
        FunctionCounter.builder("telemetry.dropped", telemetry, it -> it.delivery().failed())
            .register(registry);
  }
}
