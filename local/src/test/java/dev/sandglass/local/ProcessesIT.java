package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** The running programs: they are on no network, show no secret in arguments and logs, and stay. Read as Linux tells it. */
@ExtendWith(Stack.class)
@EnabledOnOs(value = OS.LINUX, disabledReason = "it reads /proc")
@Tag("FR-013")
class ProcessesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROC = Path.of("/proc");
    /** The state of a socket that listens, as the kernel writes it. */
    private static final String LISTENS = "0A";
    /** Characters; a shorter one would be found by chance. */
    private static final int SHORTEST = 16;

    /** 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104 as the kernel writes them: each four bytes the other way round. */
    private static final List<String> LOOPBACK =
            List.of("[0-9A-F]{6}7F", "0{24}01000000", "0{16}FFFF0000[0-9A-F]{6}7F");

    @Test
    void everythingListensOnLoopback() throws Exception {
        Map<String, String> addresses = listening();
        Set<String> outside = new TreeSet<>();
        int sockets = 0;
        for (ProcessHandle process : processes()) {
            for (String inode : socketsOf(process)) {
                String address = addresses.get(inode);
                if (address != null) {
                    sockets++;
                    if (LOOPBACK.stream().noneMatch(address.replaceFirst(":.*", "")::matches)) {
                        outside.add(address + " of " + arguments(process));
                    }
                }
            }
        }
        assertTrue(sockets > 20, "so few sockets listen: " + sockets);
        assertEquals(Set.of(), outside);
    }

    @Test
    void noSecretIsInAnArgumentOrALog() throws Exception {
        Person alice = Person.like("alice");
        alice.task(alice.list("editor"), "something to log");
        Map<String, String> places = new HashMap<>();
        for (ProcessHandle process : processes()) {
            places.put("the arguments of process " + process.pid(), arguments(process));
        }
        try (Stream<Path> logs = Files.walk(Stack.DATA.resolve("logs"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                places.put(log.getFileName().toString(), Files.readString(log, StandardCharsets.ISO_8859_1));
            }
        }
        assertTrue(places.size() > 24, "so few places: " + places.keySet());

        Set<String> shown = new TreeSet<>();
        secrets()
                .forEach((name, secret) -> places.forEach((place, text) -> {
                    if (text.contains(secret)) {
                        shown.add(name + " in " + place);
                    }
                }));
        assertEquals(Set.of(), shown);
    }

    /** Daprd 1.18 clears the table of names once an hour: of the good ones, and each sidecar ends that finds its own gone. */
    @Test
    void noSidecarTakesAwayTheNamesOfTheOthers() throws Exception {
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            List<String> log = Files.readAllLines(Stack.DATA.resolve("logs/" + service + "-sidecar.log")).stream()
                    .filter(line -> line.contains("nr (sqlite"))
                    .toList();
            assertFalse(log.isEmpty(), service);
            assertTrue(log.stream().noneMatch(line -> line.contains("clean up every")), log::toString);
        }
    }

    /** Everything that a caller must not know, by name. */
    private static Map<String, String> secrets() throws IOException {
        Map<String, String> secrets = new HashMap<>();
        JSON.readTree(Stack.DATA.resolve("secrets.json").toFile())
                .properties()
                .forEach(
                        secret -> secrets.put(secret.getKey(), secret.getValue().asText()));
        secrets.put("the supervisor's token", supervisor().path("token").asText());
        secrets.forEach((name, secret) -> assertTrue(secret.length() >= SHORTEST, name));
        return secrets;
    }

    private static JsonNode supervisor() throws IOException {
        return JSON.readTree(Stack.DATA.resolve("supervisor.json").toFile());
    }

    /** All of the stack: the supervisor and whatever it has started. */
    private static List<ProcessHandle> processes() throws IOException {
        ProcessHandle supervisor =
                ProcessHandle.of(supervisor().path("pid").asLong()).orElseThrow();
        return Stream.concat(Stream.of(supervisor), supervisor.descendants()).toList();
    }

    private static String arguments(ProcessHandle process) throws IOException {
        return Files.readString(PROC.resolve(process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ');
    }

    private static List<String> socketsOf(ProcessHandle process) throws IOException {
        try (Stream<Path> open = Files.list(PROC.resolve(process.pid() + "/fd"))) {
            List<String> inodes = new ArrayList<>();
            for (Path one : open.toList()) {
                try {
                    String what = Files.readSymbolicLink(one).toString();
                    if (what.startsWith("socket:[")) {
                        inodes.add(what.substring("socket:[".length(), what.length() - 1));
                    }
                } catch (IOException closed) {
                    // Since it was listed.
                }
            }
            return inodes;
        }
    }

    /** Inodes of the sockets that listen, TCP and UDP, to their addresses, as the kernel writes them. */
    private static Map<String, String> listening() throws IOException {
        Map<String, String> addresses = new HashMap<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            List<String> lines = Files.readAllLines(PROC.resolve("self/net/" + table));
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.trim().split(" +");
                // A UDP socket with a peer hears nobody else.
                if (table.startsWith("udp") ? words[2].endsWith(":0000") : words[3].equals(LISTENS)) {
                    addresses.put(words[9], words[1]);
                }
            }
        }
        return addresses;
    }
}
