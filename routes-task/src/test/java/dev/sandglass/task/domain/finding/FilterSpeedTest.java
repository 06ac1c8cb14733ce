package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Priority;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** How much processor time filters take, whoever else has the machine; by hand: {@code mvn test -pl routes-task -Dtest=FilterSpeedTest -Dsandglass.speed=true}. */
@EnabledIfSystemProperty(named = "sandglass.speed", matches = "true")
class FilterSpeedTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");
    private static final List<String> FILTERS = List.of(
            "priority >= high",
            "due < today + 7d and status = open",
            "title ~ strasse",
            "text ~ \"no such words\"",
            "description ~ lukasz and not tag in [home, garden]",
            "tag = home or tag = work or tag is null",
            "created > now - 2w and (list = household or overdue = true)",
            "not (title = a or description < b or tag ~ ar or due is null or completed >= yesterday)"
                    .replace("yesterday", "today - 1d"),
            "title ~ x" + " or title ~ x".repeat(99));

    @Test
    void milliseconds() {
        Random random = new Random(7);
        String[] words = "buy milk water the plants pay rent call Łukasz about Straße renew passport clean".split(" ");
        List<Findable> tasks = IntStream.range(0, 100_000)
                .mapToObj(i -> Findable.of(new Sample("l." + i)
                        .title(some(words, 3, random))
                        .description(some(words, 15, random))
                        .tags(i % 3 == 0 ? new String[] {"Home", "work"} : new String[0])
                        .priority(Priority.values()[random.nextInt(4)])
                        .due(i % 2 == 0 ? null : LocalDate.of(2027, 1, 1).plusDays(random.nextInt(60)) + "T09:00:00")
                        .task()))
                .toList();
        for (String filter : FILTERS) {
            Finding finding = Finding.parse(Map.of("filter", filter, "sort", "due,-priority,title"), WARSAW);
            System.out.printf(
                    "%-100.100s 10,000: %s  100,000: %s%n",
                    filter, times(finding, tasks.subList(0, 10_000), 300), times(finding, tasks, 100));
        }
    }

    private static String times(Finding finding, List<Findable> tasks, int often) {
        double[] millis = new double[often];
        int found = 0;
        for (int i = -often / 5; i < often; i++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            found = Sample.find(finding, tasks, NOW).total();
            millis[Math.max(0, i)] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return "p50 %.1f p99 %.1f ms, %d found".formatted(millis[often / 2], millis[often * 99 / 100], found);
    }

    private static String some(String[] words, int many, Random random) {
        return String.join(
                " ",
                IntStream.range(0, many)
                        .mapToObj(i -> words[random.nextInt(words.length)])
                        .toList());
    }
}
