package com.joyoi.management.web.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.settings.ConfigurationException;
import com.joyoi.management.web.config.LogLevels.Level;
import com.joyoi.management.web.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void seedsFile_unchanged_loadsWithoutWarning() throws IOException {
    try (InputStream seed = SettingsLoaderTest.class.getResourceAsStream("seed-appsettings.json")) {
      Files.copy(seed, folder.resolve("appsettings.json"));
    }

    var settings = loader().load(null);

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.logLevels())
        .isEqualTo(new LogLevels(Level.DEBUG, Level.INFORMATION, Level.INFORMATION));
    assertThat(settings.https()).isNull();
    assertThat(settings.http()).isEqualTo(HttpOptions.DEFAULTS);
    var service = settings.service();
    assertThat(service.name()).isEqualTo("Default");
    assertThat(service.dataDir()).isEqualTo(folder.resolve(".joyoi"));
    assertThat(service.replace()).isFalse();
    var database = requireNonNull(service.database());
    assertThat(database.jdbcUrl()).isEqualTo("jdbc:mysql://127.0.0.1:3306/joyoi");
    assertThat(database.user()).isEqualTo("root");
    assertThat(database.password()).isEqualTo("123456");
    assertThat(service.limitation())
        .isEqualTo(
            Limitation.builder()
                .cpuPeriod(1_000_000L)
                .cpuQuota(1_000_000L)
                .memory(268_435_456L)
                .memorySwap(268_435_456L)
                .blkioDeviceReadBps(33_554_432L)
                .blkioDeviceWriteBps(33_554_432L)
                .build());
    assertThat(service.nodes()).extracting("name").containsExactly("docker-1", "docker-2");
    var node = service.nodes().getFirst();
    assertThat(node.address()).isEqualTo("http://docker-1:2376");
    assertThat(node.image()).isEqualTo("joyoi");
    var tls = requireNonNull(node.tls());
    assertThat(tls.clientCertificate()).isEqualTo(folder.resolve("ClientCerts/docker-1.pfx"));
    assertThat(tls.password()).isEqualTo("123456");
    assertThat(tls.caCertificate()).isNull();
    assertThat(node.container().devicePath()).isEqualTo("/dev/sda");
    assertThat(node.container().actorExecutablePath())
        .isEqualTo("actor/bin/Debug/netcoreapp2.0/actor.dll");
    assertThat(settings.toString()).doesNotContain("123456");
  }

  @Test
  void discovery_read_overTheContainerOfAll() throws IOException {
    write(
        "appsettings.json",
        """
        {"Discovery": {
           "Nodes": {"Image": "judge", "ClientCertificatePath": "certs/client.pfx",
             "ClientCertificatePassword": "hush", "Container": {"MaxRunningJobs": 3}},
           "Swarm": {"Address": "tcp://manager:2376", "CaCertificatePath": "ca.pem",
             "ClientCertificatePath": "swarm.pfx", "Container": {"Reuse": "never"}}},
         "JoyOIManagement": {"Container": {"WarmSandboxes": 1}, "Nodes": {}}}
        """);

    var settings = loader().load(null);

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.service().nodes()).isEmpty();
    var discovery = settings.service().discovery();
    assertThat(discovery.folder()).isEqualTo(folder);
    assertThat(discovery.nodes().image()).isEqualTo("judge");
    assertThat(requireNonNull(discovery.nodes().tls()).clientCertificate())
        .isEqualTo(folder.resolve("certs/client.pfx"));
    assertThat(discovery.nodes().password()).isEqualTo("hush");
    assertThat(discovery.nodes().container().maxRunningJobs()).isEqualTo(3);
    assertThat(discovery.nodes().container().sandboxes().warm()).isEqualTo(1);
    var swarm = requireNonNull(discovery.swarm());
    assertThat(swarm.address()).isEqualTo("tcp://manager:2376");
    assertThat(requireNonNull(swarm.tls()).caCertificate()).isEqualTo(folder.resolve("ca.pem"));
    assertThat(swarm.container().sandboxes().reuse()).isEqualTo(SandboxOptions.Reuse.NEVER);
    assertThat(settings.toString()).doesNotContain("hush");
  }

  @Test
  void discovery_wrong_isToldByKey() throws IOException {
    write(
        "appsettings.json",
        """
        {"Discovery": {"Nodes": {"CaCertificatePath": "ca.pem", "Imag": "x"},
           "Swarm": {"Address": "manager"}}}
        """);

    assertThatThrownBy(() -> loader().load(null))
        .hasMessageContaining("Discovery.Nodes.CaCertificatePath is set without")
        .hasMessageContaining("Discovery.Swarm.Address is 'manager'; it must be like")
        .hasMessageContaining("Discovery.Nodes.Imag is ignored");
  }

  @Test
  void nothing_configured_givesDefaults() {
    var settings = loader().load(null);

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.logLevels()).isEqualTo(LogLevels.DEFAULTS);
    assertThat(settings.http().host()).isEqualTo("127.0.0.1");
    assertThat(settings.http().port()).isEqualTo(8080);
    assertThat(settings.service().database()).isNull();
    assertThat(settings.service().notifyWebhook()).isNull();
    assertThat(settings.service().limitation()).isEqualTo(Limitation.NONE);
    var node = settings.service().nodes().getFirst();
    assertThat(node.name()).isEqualTo("local");
    assertThat(node.image()).isEqualTo("joyoi");
    assertThat(node.address()).isEqualTo("unix:///var/run/docker.sock");
    assertThat(node.tls()).isNull();
    assertThat(node.container()).isEqualTo(ContainerOptions.DEFAULTS);
  }

  @Test
  void file_isFoundByOptionThenVariableThenFolder() throws IOException {
    write("appsettings.json", "{\"JoyOIManagement\":{\"Name\":\"folder\"}}");
    assertThat(loader().load(null).service().name()).isEqualTo("folder");

    Files.createDirectory(folder.resolve("a"));
    write("a/variable.json", "{\"JoyOIManagement\":{\"Name\":\"variable\",\"DataDir\":\"data\"}}");
    environment.put("JOYOI_CONFIG", "a/variable.json");
    assertThat(loader().load(null).service().name()).isEqualTo("variable");
    assertThat(loader().load(null).service().dataDir()).isEqualTo(folder.resolve("a/data"));

    write("option.json", "{\"JoyOIManagement\":{\"Name\":\"option\"}}");
    assertThat(loader().load("option.json").service().name()).isEqualTo("option");
  }

  @Test
  void file_missing_isAnError() {
    assertThatThrownBy(() -> loader().load("nowhere.json"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("--config is 'nowhere.json'; it must be an existing file");
    environment.put("JOYOI_CONFIG", "gone.json");
    assertThatThrownBy(() -> loader().load(null))
        .hasMessageContaining("JOYOI_CONFIG is 'gone.json'");
  }

  @Test
  void file_malformed_saysWhere() throws IOException {
    write("appsettings.json", "{\n  \"Http\": {,}\n}");

    assertThatThrownBy(() -> loader().load(null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("appsettings.json is malformed JSON at line 2, column");
  }

  @Test
  void file_withCommentsAndByteOrderMark_loads() throws IOException {
    write("appsettings.json", "\uFEFF// one\n{ /* two */ \"http\": {\"PORT\": 1234} }");

    assertThat(loader().load(null).http().port()).isEqualTo(1234);
  }

  @Test
  void environment_overridesSingleKeys() throws IOException {
    write(
        "appsettings.json", "{\"JoyOIManagement\":{\"Limitation\":{\"Memory\":1},\"Nodes\":null}}");
    environment.put("JoyOIManagement__Limitation__Memory", "134217728");
    environment.put("JOYOIMANAGEMENT__LIMITATION__ENABLENETWORK", "True");
    environment.put("JoyOIManagement__Limitation__Ulimit__nofile", "512");
    environment.put("JoyOIManagement__Name", "123");
    environment.put("JoyOIManagement__Nodes__n1__Address", "tcp://n1:2375");
    environment.put("Unrelated__Key", "x");

    var settings = loader().load(null);

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.service().name()).isEqualTo("123");
    assertThat(settings.service().limitation().memory()).isEqualTo(134_217_728L);
    assertThat(settings.service().limitation().enableNetwork()).isTrue();
    assertThat(settings.service().limitation().ulimit()).isEqualTo(Map.of("nofile", 512L));
    assertThat(settings.service().nodes().getFirst().address()).isEqualTo("tcp://n1:2375");
  }

  @Test
  void environment_withAWrongValue_isAnErrorOfThatKey() {
    environment.put("JoyOIManagement__Limitation__PidsLimit", "lots");
    environment.put("Http__Port__Deep", "1");
    environment.put("Http", "not ours");

    assertThat(faults())
        .containsExactlyInAnyOrder(
            "JoyOIManagement.Limitation.PidsLimit is 'lots'; it must be a whole number from 1 to"
                + " 1152921504606846976",
            "Http.Port is {…}; it must be a whole number from 0 to 65535");
  }

  @Test
  void faults_areAllReportedAtOnce() throws IOException {
    write(
        "appsettings.json",
        """
        {
          "ConnectionStrings": {"DefaultConnection": "Server=db;Password=hush"},
          "Logging": {"LogLevel": {"Default": "Loud"}},
          "Http": {"Port": 70000, "Host": 5},
          "Notify": {"Webhook": "ftp://hooks/hush"},
          "JoyOIManagement": {
            "Name": "",
            "Container": {"MaxRunningJobs": 0, "WorkDir": "workdir", "ResultPath": "../x"},
            "Limitation": {"CPUPeriod": 0, "Memory": 5, "Ulimit": {"nofile": 0},
                           "ExecutionTimeout": 3000000000},
            "Nodes": {
              "a": {"Address": "docker-1"},
              "b": {"Image": " ", "ClientCertificatePassword": 12345678},
              "c": {"Address": "tcp://c:1", "CaCertificatePath": "ca.pem",
                    "Container": {"Transport": "pigeon"}}
            }
          }
        }
        """);

    var faults = faults();

    assertThat(faults)
        .contains(
            "ConnectionStrings.DefaultConnection has no Database; it must be like"
                + " Database=joyoi;…",
            "Logging.LogLevel.Default is 'Loud'; it must be Trace, Debug, Information, Warning,"
                + " Error, Critical or None",
            "Http.Port is 70000; it must be a whole number from 0 to 65535",
            "Http.Host is 5; it must be a string",
            "Notify.Webhook is no http:// or https:// URL; it must be one",
            "JoyOIManagement.Name is ''; it must be 1 to 100 characters",
            "JoyOIManagement.Container.MaxRunningJobs is 0; it must be a whole number from 1 to"
                + " 10000",
            "JoyOIManagement.Container.WorkDir is 'workdir'; it must be an absolute path that"
                + " ends with /, not the root",
            "JoyOIManagement.Container.ResultPath is '../x'; it must be a file path relative to"
                + " WorkDir, without ..",
            "JoyOIManagement.Limitation.CPUPeriod is 0; it must be a whole number from 1000 to"
                + " 1000000",
            "JoyOIManagement.Limitation.Memory is 5; it must be a whole number from 6291456 (6 MB,"
                + " the least that a Docker Engine takes) to 1152921504606846976",
            "JoyOIManagement.Limitation.ExecutionTimeout is 3000000000; it must be a whole number"
                + " from 1 to 2147483647",
            "JoyOIManagement.Limitation.Ulimit.nofile is 0; it must be a whole number of 1 or"
                + " more",
            "JoyOIManagement.Nodes.b.Address is missing; it must be a string")
        .anyMatch(fault -> fault.startsWith("JoyOIManagement.Nodes.a.Address is 'docker-1'"))
        .anyMatch(fault -> fault.startsWith("JoyOIManagement.Nodes.b.Image is ' '"))
        .anyMatch(fault -> fault.startsWith("JoyOIManagement.Nodes.c.CaCertificatePath is set"))
        .anyMatch(
            fault -> fault.startsWith("JoyOIManagement.Nodes.c.Container.Transport is 'pigeon'"))
        .hasSize(19)
        .noneMatch(fault -> fault.contains("hush") || fault.contains("12345678"));
  }

  @Test
  void unknownKey_isAWarningThatNamesTheNearest() throws IOException {
    write(
        "appsettings.json",
        """
        {
          "Htpp": {},
          "JoyOIManagement": {
            "Limitation": {"Memroy": 1},
            "Nodes": {"n": {"Address": "tcp://n:1", "Imagee": "x", "Container": {"WorkDirs": 1}}}
          }
        }
        """);

    assertThat(loader().load(null).warnings())
        .containsExactlyInAnyOrder(
            "unknown key Htpp is ignored; the nearest known key is Http",
            "unknown key JoyOIManagement.Limitation.Memroy is ignored; the nearest known key is"
                + " JoyOIManagement.Limitation.Memory",
            "unknown key JoyOIManagement.Nodes.n.Imagee is ignored; the nearest known key is"
                + " JoyOIManagement.Nodes.n.Image",
            "unknown key JoyOIManagement.Nodes.n.Container.WorkDirs is ignored; the nearest known"
                + " key is JoyOIManagement.Nodes.n.Container.WorkDir");
  }

  @Test
  void unknownKey_besideAFault_isToldWithIt() throws IOException {
    write(
        "appsettings.json",
        "{\"JoyOIManagement\": {\"Nodes\": {\"n\": {\"Adress\": \"tcp://n:1\"}}}}");

    var failure = catchThrowableOfType(ConfigurationException.class, () -> loader().load(null));

    assertThat(failure.faults())
        .containsExactly("JoyOIManagement.Nodes.n.Address is missing; it must be a string");
    assertThat(failure.warnings())
        .containsExactly(
            "unknown key JoyOIManagement.Nodes.n.Adress is ignored; the nearest known key is"
                + " JoyOIManagement.Nodes.n.Address");
    assertThat(failure)
        .hasMessage(failure.faults().getFirst() + "\n" + failure.warnings().getFirst());
  }

  @Test
  void wireFormat_configured_isThatOfHttp() throws IOException {
    write("appsettings.json", "{\"Http\": {\"WireFormat\": \"Original\"}}");
    assertThat(loader().load(null).http().wireFormat()).isEqualTo(WireFormat.ORIGINAL);

    write("appsettings.json", "{\"Http\": {\"WireFormat\": \"old\"}}");
    assertThat(faults())
        .containsExactly("Http.WireFormat is 'old'; it must be current or original");
  }

  @Test
  void nodesContainer_overridesKeyByKey() throws IOException {
    write(
        "appsettings.json",
        """
        {"joyoimanagement": {
          "container": {"maxRunningJobs": 3, "ActorCodePath": "old/actor.dll", "DevicePath": "/dev/a"},
          "nodes": {
            "a": {"address": "tcp://a:1", "container": null},
            "b": {"Address": "tcp://b:1", "Container":
              {"MaxRunningJobs": 5, "ActorExecutablePath": "new.jar", "DevicePath": ""}}
          }}}
        """);

    var nodes = loader().load(null).service().nodes();

    assertThat(nodes.get(0).container().maxRunningJobs()).isEqualTo(3);
    assertThat(nodes.get(0).container().actorExecutablePath()).isEqualTo("old/actor.dll");
    assertThat(nodes.get(0).container().devicePath()).isEqualTo("/dev/a");
    assertThat(nodes.get(1).container().maxRunningJobs()).isEqualTo(5);
    assertThat(nodes.get(1).container().actorExecutablePath()).isEqualTo("new.jar");
    assertThat(nodes.get(1).container().devicePath()).isNull();
    assertThat(nodes.get(1).container().workDir()).isEqualTo("/workdir/");
  }

  @Test
  void swap_belowMemory_isAnError() throws IOException {
    write("appsettings.json", "{\"JoyOIManagement\":{\"Limitation\":{\"MemorySwap\":1000}}}");

    assertThat(faults()).singleElement().asString().contains("emorySwap is 1000");
  }

  @Test
  void key_standingTwice_isAnError() throws IOException {
    write("appsettings.json", "{\"Http\":{\"Port\":1,\"port\":2}}");

    assertThat(faults()).singleElement().asString().contains("Http.port stands twice");
  }

  @Test
  void nodes_empty_isAnError() throws IOException {
    write("appsettings.json", "{\"JoyOIManagement\":{\"Nodes\":{}}}");

    assertThat(faults()).singleElement().asString().startsWith("JoyOIManagement.Nodes is empty");
  }

  @Test
  void https_withoutCertificate_isAnError() throws IOException {
    write("appsettings.json", "{\"Kestrel\":{\"HttpsListenPort\":443}}");

    assertThat(faults()).singleElement().asString().contains("Kestrel.ServerCertificatePath");
  }

  @Test
  void section_thatIsAText_isAnErrorWithoutIt() throws IOException {
    write(
        "appsettings.json",
        "{\"ConnectionStrings\":\"Password=hush\",\"Http\":[{\"a\":\"hush\"}]}");

    assertThat(faults())
        .containsExactlyInAnyOrder(
            "ConnectionStrings is a JSON string; it must be an object",
            "Http is a JSON array; it must be an object");
  }

  @Test
  void webhook_isTaken() {
    environment.put("Notify__Webhook", "https://hooks.example/x");

    assertThat(loader().load(null).service().notifyWebhook())
        .isEqualTo(URI.create("https://hooks.example/x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "host=db; port=3307 ;database=a b;uid=u;pwd=p|jdbc:mysql://db:3307/a+b|u|p",
        "Server=db;Database=d;User Id=u;Password=\"a;b\"\"c\";|jdbc:mysql://db:3306/d|u|a;b\"c",
        "Server=::1;Database=d;SslMode=VerifyFull|jdbc:mysql://[::1]:3306/d?sslMode=VERIFY_IDENTITY|-|-",
        "Server=db;Database=d;Password=|jdbc:mysql://db:3306/d|-|``",
        "Server=db;Database=d;Password=a=b|jdbc:mysql://db:3306/d|-|a=b",
        "jdbc:mysql://db/d?user=u&password=a%26b&x=1|jdbc:mysql://db/d?x=1|u|a&b",
        "jdbc:mariadb://u:p@db:3306/d|jdbc:mysql://db:3306/d|u|p",
        "jdbc:h2:mem:x;USER=sa;PASSWORD=p;MODE=MySQL|jdbc:h2:mem:x;MODE=MySQL|sa|p"
      })
  void connection_inEitherForm_isRead(String text, String url, String user, String password) {
    environment.put("ConnectionStrings__DefaultConnection", text);

    var database = requireNonNull(loader().load(null).service().database());

    assertThat(database.jdbcUrl()).isEqualTo(url);
    assertThat(database.user()).isEqualTo(user);
    assertThat(database.password()).isEqualTo(password);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Server=db;Database=d;Port=x;Password=hush|Port is 'x'",
        "Server=db;Database=d;SslMode=Perhaps;Password=hush|SslMode is 'Perhaps'",
        "hush|can't be read",
        "Server=db;hush|can't be read",
        "jdbc:oracle:thin:hush|unknown kind"
      })
  void connection_wrong_isAnErrorWithoutThePassword(String text, String message) {
    environment.put("ConnectionStrings__DefaultConnection", text);

    assertThat(faults()).singleElement().asString().contains(message).doesNotContain("hush");
  }

  @Test
  void connection_unknownPart_isAWarning() {
    environment.put("ConnectionStrings__DefaultConnection", "Server=db;Database=d;Passwrd=hush");

    assertThat(loader().load(null).warnings())
        .singleElement()
        .asString()
        .contains("'Passwrd'")
        .contains("'password'")
        .doesNotContain("hush");
  }

  private List<String> faults() {
    return catchThrowableOfType(ConfigurationException.class, () -> loader().load(null)).faults();
  }

  private SettingsLoader loader() {
    return new SettingsLoader(environment, folder);
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json);
  }
}
