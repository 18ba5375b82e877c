package ai.pediscreen.telemetry.postgres.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PinnedUrlTest {

  @Test
  void boundsOfWaitsAndMessages_areNotForTheUrlToSay() {
    assertThat(
            PinnedUrl.of("jdbc:postgresql://a/t?socketTimeout=0&logServerErrorDetail=true").url())
        .isEqualTo("jdbc:postgresql://a/t");
    assertThat(PinnedUrl.of("jdbc:postgresql://a/t?socketTimeoutX=0").url())
        .isEqualTo("jdbc:postgresql://a/t?socketTimeoutX=0");
  }

  @Test
  void schemaAndOptions_areRemoved_andTheRestStays() {
    assertThat(
            PinnedUrl.of(
                "jdbc:postgresql://a,b/t?sslmode=require&currentSchema=x&options=-c%20jit%3Doff&tcpKeepAlive=true"))
        .isEqualTo(
            new PinnedUrl(
                "jdbc:postgresql://a,b/t?sslmode=require&tcpKeepAlive=true", "-c jit=off"));
    assertThat(PinnedUrl.of("jdbc:postgresql://a/t?currentSchema=x"))
        .isEqualTo(new PinnedUrl("jdbc:postgresql://a/t", ""));
    assertThat(PinnedUrl.of("jdbc:postgresql://a/t"))
        .isEqualTo(new PinnedUrl("jdbc:postgresql://a/t", ""));
  }

  @Test
  void optionsOfTheProgram_followThoseOfTheUrl() {
    PinnedUrl url = PinnedUrl.of("jdbc:postgresql://a/t?options=-c%20search_path%3Dx");

    assertThat(url.options("-c jit=off", SessionProperties.searchPath("s")))
        .isEqualTo("-c search_path=x -c jit=off -c search_path=\"s\",pg_temp");
  }
}
