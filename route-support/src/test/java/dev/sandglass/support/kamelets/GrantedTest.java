package dev.sandglass.support.kamelets;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Integrators' routes get what the operator names, and never what is the system's own. */
@Tag("FR-013")
class GrantedTest {
    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres-connection-string",
                "token-key",
                "ticket-key",
                "app-token",
                "dapr-api-token",
                "log-key",
                "a b",
                "a/b"
            })
    void aSecretOfTheSystemIsNeverGranted(String secret) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Granted("webhook-key, " + secret, ""));
        assertTrue(e.getMessage().startsWith("sandglass.hooks.secrets: "), e::getMessage);
        assertTrue(e.getMessage().contains(secret), e::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "task/internal/users",
                "task/",
                "audit/x",
                "crm/internal/x",
                "crm/internal",
                "crm",
                "/x",
                "crm/../x",
                "crm/a//b",
                "CRM/x"
            })
    void aMethodOfTheSystemIsNeverGranted(String method) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Granted("", "crm/orders, " + method));
        assertTrue(e.getMessage().startsWith("sandglass.hooks.invoke: "), e::getMessage);
        assertTrue(e.getMessage().contains(method), e::getMessage);
    }

    @Test
    void whatIsNamedMayBeUsedAndNothingElse() {
        Granted granted = new Granted("webhook-key, crm-token", "crm/orders, erp/");
        assertEquals("crm-token", granted.secret("crm-token"));
        for (String secret : List.of("", "crm", "token-key", "webhook-key,crm-token")) {
            assertThrows(IllegalArgumentException.class, () -> granted.secret(secret), secret);
        }
        for (String method :
                List.of("orders", "orders/", "orders/7", "orders?x=../y", "orders/a%20b", "orders/7/lines")) {
            assertDoesNotThrow(() -> granted.method("crm", method), method);
        }
        assertDoesNotThrow(() -> granted.method("erp", "anything/at/all"));
        for (String method : List.of(
                "",
                "order",
                "ordersx",
                "customers",
                "orders/../customers",
                "orders/..%2fcustomers",
                "orders/%2e%2e/customers",
                "orders/%2E%2E%2Fcustomers",
                "orders/./7",
                "orders//7",
                "orders\\7",
                "orders/%00",
                "orders/%zz",
                "/orders",
                "internal/x")) {
            assertThrows(IllegalArgumentException.class, () -> granted.method("crm", method), method);
        }
        assertThrows(IllegalArgumentException.class, () -> granted.method("erp", "internal/x"));
        assertThrows(IllegalArgumentException.class, () -> granted.method("task", "internal/users/bob/tasks"));
        assertDoesNotThrow(() -> granted.methodsOf("crm", "orders/"));
        assertDoesNotThrow(() -> granted.methodsOf("crm", "orders/7/"));
        for (String begin : List.of("", "orders", "order", "customers/", "orders/../")) {
            assertThrows(IllegalArgumentException.class, () -> granted.methodsOf("crm", begin), begin);
        }
    }

    /** A name that is added elsewhere has to be added here. */
    @Test
    void everySecretThatThePartsReadIsTheSystemsOwn() throws IOException {
        Set<String> read = new TreeSet<>();
        find(
                read,
                "\\.java",
                "(?:secrets\\.(?:get|all)|keys)\\(\"([a-z-]+)\"\\)",
                "route-support/src/main",
                "routes-task/src/main",
                "routes-sync/src/main",
                "routes-reminder/src/main",
                "routes-recurrence/src/main",
                "routes-audit/src/main");
        find(read, "\\.(?:yaml|tpl)", "secretKeyRef: *\\{name: ([a-z-]+)", "dapr", "helm/sandglass/templates");
        find(read, "Secrets\\.java", "(?:computeIfAbsent|put)\\(\\s*\"([a-z-]+)\"", "local/src/main");
        read.remove("webhook-key");
        assertTrue(read.size() > 9, read::toString);
        read.removeAll(Granted.OWN_SECRETS);
        assertEquals(Set.of(), read);
    }

    private static void find(Set<String> found, String file, String pattern, String... folders) throws IOException {
        for (String folder : folders) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path one : files.filter(path -> path.toString().matches(".*" + file))
                        .toList()) {
                    Matcher names = Pattern.compile(pattern).matcher(Files.readString(one));
                    while (names.find()) {
                        found.add(names.group(1));
                    }
                }
            }
        }
    }

    @Test
    void aServiceGrantsWhatTheExamplesNeedUnlessToldOtherwise() throws IOException {
        Properties settings = new Properties();
        try (var in = Files.newInputStream(
                ROOT.resolve("route-support/src/main/resources/META-INF/microprofile-config.properties"))) {
            settings.load(in);
        }
        assertEquals(Granted.SECRETS, settings.getProperty("sandglass.hooks.secrets"));
        assertEquals("", settings.getProperty("sandglass.hooks.invoke"));
    }
}
