package com.example.web;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;

/** Serves on port 8080 until it is stopped, over the database {@code jdbc:postgresql:screening}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException {
    HikariDataSource dataSource = new HikariDataSource();
    dataSource.setJdbcUrl("jdbc:postgresql:screening");
    ScreeningServer server = new ScreeningServer(dataSource, 8080);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  dataSource.close();
                }));
  }
}
