package com.example.web;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;

/**
 * Serves until it is stopped: on the port that is named first, or 8080, over the database that is
 * named second, or {@code jdbc:postgresql:screening}.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    HikariDataSource dataSource = new HikariDataSource();
    dataSource.setJdbcUrl(args.length > 1 ? args[1] : "jdbc:postgresql:screening");
    ScreeningServer server = new ScreeningServer(dataSource, port);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  dataSource.close();
                }));
    System.out.println("serves on port " + server.port());
  }
}
