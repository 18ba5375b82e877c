package ai.pediscreen.telemetry.server.job.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisUrlTest {

  @Test
  void hostOnly_usesTheDefaultPortAndDatabase() {
    assertThat(RedisUrl.parse("redis://cache"))
        .isEqualTo(new RedisUrl(false, "cache", 6379, null, null, 0));
  }

  @Test
  void everyPart_isReadAndDecoded() {
    assertThat(RedisUrl.parse("rediss://worker:p%40ss%2Fw+rd@cache.example:6380/3"))
        .isEqualTo(new RedisUrl(true, "cache.example", 6380, "worker", "p@ss/w+rd", 3));
  }

  @Test
  void password_withoutUser_isThatOfTheDefaultUser() {
    assertThat(RedisUrl.parse("redis://:secret@cache/"))
        .isEqualTo(new RedisUrl(false, "cache", 6379, null, "secret", 0));
  }

  @Test
  void ipv6Address_isReadWithoutBrackets_andPrintedWithThem() {
    RedisUrl url = RedisUrl.parse("redis://[::1]:7000");

    assertThat(url.host()).isEqualTo("::1");
    assertThat(url).hasToString("redis://[::1]:7000/0");
  }

  @Test
  void textForm_holdsNeitherUserNorPassword() {
    assertThat(RedisUrl.parse("rediss://worker:secret@cache:6380/3"))
        .hasToString("rediss://cache:6380/3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://secret@cache",
        "cache:6379",
        "redis://",
        "redis://user:secret@",
        "redis://secret@cache",
        "redis://user:@cache",
        "redis://cache:0",
        "redis://cache:99999",
        "redis://cache:secret",
        "redis://cache/secret",
        "redis://cache/0?password=secret",
        "redis://:sec/ret@cache",
        "redis://:secret%@cache",
        "redis://:secret@ca che",
      })
  void wrongUrl_isRefused_withoutQuotingIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisUrl.parse(text))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("must").doesNotContain("secret"))
        .withNoCause();
  }
}
