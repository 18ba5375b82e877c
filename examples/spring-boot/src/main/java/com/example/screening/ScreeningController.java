package com.example.screening;

import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ScreeningController {

  private final ScreeningModel model;
  private final JdbcClient database;
  private final Telemetry telemetry;

  ScreeningController(ScreeningModel model, JdbcClient database, Telemetry telemetry) {
    this.model = model;
    this.database = database;
    this.telemetry = telemetry;
  }

  @PostMapping("/screenings")
  String screen(@RequestBody String text) {
    String finding = model.ask(text);
    database.sql("INSERT INTO screenings (finding) VALUES (?)").param(finding).update();
    return finding;
  }

  @ExceptionHandler
  @ResponseStatus(HttpStatus.UNPROCESSABLE_ENTITY)
  String refuse(ScreeningModel.NothingToScreenException e) {
    return e.getMessage();
  }

  @GetMapping("/usage")
  String usage() {
    Overview day = telemetry.usage().overview(UsageFilter.last(UsageRange.DAY));
    return "%d requests, %d errors".formatted(day.requests(), day.errors());
  }
}
