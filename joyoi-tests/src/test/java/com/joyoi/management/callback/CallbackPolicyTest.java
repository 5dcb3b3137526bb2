package com.joyoi.management.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.callback.CallbackPolicy.RefusedException;
import com.joyoi.management.error.JoyoiException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackPolicyTest {
  private final Map<String, String> names = new HashMap<>();

  private CallbackPolicy policy(@Nullable List<HostRule> allowed) {
    var guarded = Set.of("docker-1", "10.0.0.7", "db.example");
    return new CallbackPolicy(allowed, () -> guarded, this::lookUp);
  }

  private CallbackPolicy allowing(String... rules) {
    return policy(Stream.of(rules).map(HostRule::parse).toList());
  }

  private InetAddress[] lookUp(String name) throws UnknownHostException {
    var address = names.getOrDefault(name, name.matches("[0-9.]+|.*:.*") ? name : null);
    if (address == null) {
      throw new UnknownHostException(name);
    }
    return InetAddress.getAllByName(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://node:2375/containers/prune#",
        "http://judge.example#",
        "http://judge.example/?",
        "http://judge.example?x=1",
        "http://user:password@judge.example",
        "http://@judge.example",
        "http://judge.example:80@10.0.0.7",
        "http://judge.example\\@10.0.0.7",
        "http:///judge",
        "http://judge.example:0",
        "http://judge.example:65536",
        "http://2130706433",
        "http://0x7f.1",
        "http://127.1",
        "judge.example",
        "//judge.example",
        "ftp://judge.example",
        "file:///etc/passwd",
        "unix:///var/run/docker.sock",
        "http://judge.example/a b",
        "http://judge.example\r\nX: y"
      })
  void host_thatIsNoPlainAddress_isRefused(String host) {
    for (var policy : List.of(policy(null), allowing("node", "judge.example", "10.0.0.7"))) {
      assertThatThrownBy(() -> policy.check(host))
          .isInstanceOf(JoyoiException.class)
          .hasMessageStartingWith("parameters.Host ")
          .hasMessageNotContaining("password");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080",
        "http://LOCALHOST.",
        "http://a.localhost",
        "http://127.0.0.1:2375",
        "http://127.9.9.9",
        "http://0.0.0.0:2375",
        "http://[::1]",
        "http://[::]",
        "http://[::ffff:127.0.0.1]",
        "http://[::127.0.0.1]",
        "http://[64:ff9b::7f00:1]",
        "http://[2002:7f00:1::]",
        "http://169.254.169.254/latest",
        "http://[fe80::1]",
        "http://100.100.100.200",
        "http://[fd00:ec2::254]",
        "http://224.0.0.1",
        "http://[ff02::1]",
        "http://255.255.255.255",
        "http://0.1.2.3",
        "http://docker-1:2375",
        "http://Docker-1.:2375",
        "http://10.0.0.7",
        "http://[::ffff:10.0.0.7]",
        "https://db.example"
      })
  void host_knownToBeOutOfBounds_isRefusedWithoutAList(String host) {
    assertThatThrownBy(() -> policy(null).check(host))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining(host)
        .hasMessageContaining("Callback.Hosts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.oj.joyoi.net",
        "https://judge.example:8443/oj/",
        "http://10.0.0.8",
        "http://192.168.1.5:5000",
        "http://[2001:db8::1]:80"
      })
  void host_ofAnotherMachine_isFineWithoutAList(String host) {
    assertThat(policy(null).check(host).toString()).isEqualTo(host.replaceFirst("/$", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "judge.example, http://judge.example, true",
    "judge.example, https://JUDGE.example.:8443/oj, true",
    "judge.example, http://judge.example.evil.example, false",
    "judge.example, http://xjudge.example, false",
    "judge.example:8080, http://judge.example:8080, true",
    "judge.example:80, http://judge.example, true",
    "judge.example:8080, http://judge.example, false",
    "https://judge.example, https://judge.example/oj, true",
    "https://judge.example/, https://judge.example:443, true",
    "https://judge.example, http://judge.example:443, false",
    "https://judge.example, https://judge.example:8443, false",
    "127.0.0.1, http://127.0.0.1:5000, true",
    "[::1]:5000, http://[::1]:5000, true",
    "127.0.0.1, http://127.0.0.2:5000, false"
  })
  void host_besideAList_isWhatTheListSays(String rule, String host, boolean isAllowed) {
    var policy = allowing("other.example", rule);

    if (isAllowed) {
      assertThat(policy.check(host)).isNotNull();
    } else {
      assertThatThrownBy(() -> policy.check(host))
          .isInstanceOf(JoyoiException.class)
          .hasMessageContaining("Callback.Hosts");
    }
  }

  @Test
  void host_besideAnEmptyList_isNone() {
    assertThatThrownBy(() -> allowing().check("http://judge.example"))
        .isInstanceOf(JoyoiException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "169.254.169.254", "10.0.0.7", "10.0.0.9", "::1", "0.0.0.0"})
  void name_ofAnAddressOutOfBounds_isRefusedWhereItIsConnected(String address) {
    names.put("db.example", "10.0.0.9");
    names.put("rebound.example", address);
    var policy = policy(null);

    assertThat(policy.check("http://rebound.example")).isNotNull();
    assertThatThrownBy(() -> policy.resolve("rebound.example"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("rebound.example");
  }

  @Test
  void node_whoseNameIsNotKnownAnyMore_isStillOutOfBounds() throws UnknownHostException {
    names.put("docker-1", "10.0.0.3");
    names.put("judge.example", "10.0.0.8");
    var policy = policy(null);
    assertThat(policy.resolve("judge.example")).hasSize(1);

    names.remove("docker-1");

    assertThatThrownBy(() -> policy.check("http://10.0.0.3")).isInstanceOf(JoyoiException.class);
  }

  @Test
  void name_ofAnotherMachine_isResolvedOnce() throws UnknownHostException {
    names.put("judge.example", "10.0.0.8");

    assertThat(policy(null).resolve("judge.example"))
        .containsExactly(InetAddress.getByName("10.0.0.8"));
    assertThatThrownBy(() -> policy(null).resolve("nowhere.example"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("no address is known for the name nowhere.example");
  }

  @Test
  void name_onTheList_mayBeThisMachine() throws UnknownHostException {
    names.put("judge.example", "127.0.0.1");

    assertThat(allowing("judge.example").resolve("judge.example")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "http://", "a b", "ftp://a", "a:0", "a:70000", "a/path", "u@a", "*.a"})
  void rule_thatIsNone_isRefused(String rule) {
    assertThatThrownBy(() -> HostRule.parse(rule)).isInstanceOf(IllegalArgumentException.class);
  }
}
