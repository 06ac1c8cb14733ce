package dev.sandglass.support.yaml;

import dev.sandglass.support.domain.EventSelector;
import dev.sandglass.support.domain.KnowRoutes;
import dev.sandglass.support.kamelets.Granted;
import dev.sandglass.support.kamelets.GrantedCalls;
import dev.sandglass.support.memory.RouteQueues;
import dev.sandglass.support.yaml.room.VocabularyComponent;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps what runs as the folder says: looks at it again and again, takes what is right, leaves alone what is not. */
@Singleton
@Named("reload")
public class Reload {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    /** The most mistakes in the log after a change; the health check has all. */
    private static final int LINES = 100;

    /** As many looks, a file waits for those that are being written: they may have been saved together. */
    private static final int PATIENCE = 3;

    /** Stands for the text of an entry that has none; no file has this character. */
    private static final String UNFIT = "\0";
    /** An empty file that said nothing before: it waits for its text, and nothing is wrong with it. */
    private static final String SAVING = UNFIT;

    private final Path folder;
    private final Check check;
    private final LiveFiles live;
    private final RouteQueues queues;
    private final MeterRegistry meters;
    private final Duration longest;
    private final List<Refusal> wrongKamelets;
    /** As last looked at and dealt with. */
    private SortedMap<String, String> seen = new TreeMap<>();
    /** As last looked at; what changes between two looks is being written. */
    private SortedMap<String, String> before = new TreeMap<>();
    /** For how many looks each file, or its absence, stands as it is. */
    private final Map<String, Integer> stands = new HashMap<>();

    private volatile List<Refusal> refusals = List.of();
    private volatile @Nullable String unreadable;
    /** Taken, and not told of yet. */
    private final Set<String> taken = new TreeSet<>();

    /** The texts that are looked at, which may take long. */
    private Map<String, String> changing = Map.of();
    /** Files in force that were not there at the last look meanwhile. */
    private Set<String> missing = Set.of();
    /** They left meanwhile. */
    private final Set<String> gone = new TreeSet<>();

    private boolean looked;
    /** To be written down yet. */
    private @Nullable KnowRoutes untold;
    /** The last time it was written down; false also before the first. */
    private boolean wasTold;

    @Inject
    Reload(
            @ConfigProperty(name = "sandglass.dsl-yaml") Path dslYaml,
            @ConfigProperty(name = "quarkus.application.name") String service,
            Config config,
            CamelContext camel,
            LiveFiles live,
            RouteQueues queues,
            GrantedCalls calls,
            Granted granted,
            MeterRegistry meters) {
        this(dslYaml, service, config, camel, live, queues, calls, granted, meters, Check.LONGEST);
    }

    /** @param longest how long the check of one file may take; the service waits twice as long for all when it starts */
    Reload(
            Path dslYaml,
            String service,
            Config config,
            CamelContext camel,
            LiveFiles live,
            RouteQueues queues,
            GrantedCalls calls,
            Granted granted,
            MeterRegistry meters,
            Duration longest) {
        this.longest = longest;
        this.folder = dslYaml.resolve("routes").resolve(service);
        this.live = live;
        this.queues = queues;
        this.meters = meters;
        Terms terms = Terms.of(
                service,
                dslYaml.resolve("kamelets"),
                name -> config.getOptionalValue(name, String.class).orElse(null),
                granted);
        Kamelets kamelets = terms.kamelets();
        this.wrongKamelets = kamelets.wrong();
        wrongKamelets.forEach(refusal -> LOG.errorf("%s/%s (the other Kamelets are there)", dslYaml, refusal));
        this.check = new Check(
                terms,
                new Loaded.Ground(
                        new BeansOf(camel, kamelets.beans(), Map.of("daprCalls", calls)),
                        () -> new VocabularyComponent(kamelets.defaults()),
                        Loaded.Use.IN_FORCE,
                        null),
                longest,
                this::meanwhile);
        meters.gauge("sandglass.yaml.refused", this, it -> it.files().size());
    }

    /** The mistakes in the folder now. */
    List<Refusal> refusals() {
        return refusals;
    }

    /** The mistakes in the folder of Kamelets, as it was at the start. */
    List<Refusal> wrongKamelets() {
        return wrongKamelets;
    }

    /** Why the folder cannot be looked at; null when it can. */
    @Nullable
    String unreadable() {
        return unreadable;
    }

    private Set<String> files() {
        return refusals.stream().map(Refusal::file).collect(Collectors.toSet());
    }

    /** Before the port opens, so that nobody finds a point without its route. */
    void start(@Observes @Priority(3) StartupEvent start) {
        FutureTask<?> looked = new FutureTask<>(
                () -> {
                    look();
                    // A second look, since only what two looks find alike is taken.
                    look();
                },
                null);
        Thread thread = new Thread(looked, "dsl-yaml");
        thread.setDaemon(true);
        thread.start();
        try {
            looked.get(2 * longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.errorf("%s is not looked at to its end yet, the service starts without what is left", folder);
        } catch (ExecutionException e) {
            LOG.error("looking at the integrators' routes failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(@Observes ShutdownEvent stop) {
        live.interrupt(queues.stop().stream().map(Resolved::waiting).collect(Collectors.toSet()));
    }

    /** After the sidecar has left, so that nobody finds a point without its route. */
    void close(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent stop) {
        live.closeAll();
    }

    /**
     * Looks at the folder.
     *
     * @return the routes that get events, to be written down; null where they are
     */
    public synchronized @Nullable KnowRoutes look() {
        Folder read;
        try {
            read = Folder.read(folder);
            unreadable = null;
        } catch (IOException e) {
            if (unreadable == null) {
                LOG.errorf("%s cannot be read, its routes stay as they are: %s", folder, e);
            }
            unreadable = e.toString();
            return null;
        }
        SortedMap<String, String> now = read.texts();
        // An empty file is one that is being saved: as it was. So is one that cannot be read.
        now.replaceAll((file, text) -> text.isBlank() ? before(file) : text);
        read.wrong().forEach(unfit -> now.put(unfit.file(), UNFIT + unfit.reason()));
        SortedMap<String, String> settled = settled(now);
        if (settled != null && !(looked && settled.equals(seen))) {
            change(settled);
            seen = settled;
            // One that came back is new.
            seen.keySet().removeAll(gone);
            gone.clear();
            looked = true;
            untold = new KnowRoutes(wanted(), unclear());
            queues.workOff(untold.live().keySet());
        }
        return untold;
    }

    /**
     * The folder without what is being written: all of it, or after some looks each file by itself, as some may be written for ever.
     *
     * @return null while nothing is to be taken
     */
    private @Nullable SortedMap<String, String> settled(SortedMap<String, String> now) {
        Set<String> files = new TreeSet<>(now.keySet());
        files.addAll(before.keySet());
        files.addAll(seen.keySet());
        stands.keySet().retainAll(files);
        files.forEach(file -> stands.merge(
                file, 0, (times, none) -> Objects.equals(now.get(file), before.get(file)) ? times + 1 : none));
        before = now;
        boolean waited = files.stream()
                .anyMatch(file ->
                        stands.getOrDefault(file, 0) >= PATIENCE && !Objects.equals(now.get(file), seen.get(file)));
        if (stands.containsValue(0) && !waited) {
            return null;
        }
        SortedMap<String, String> settled = new TreeMap<>(now);
        files.removeIf(file -> stands.getOrDefault(file, 0) > 0);
        files.forEach(file -> {
            String former = seen.get(file);
            if (former != null) {
                settled.put(file, former);
            } else {
                // It is named: the events of its routes wait, as of a file that is wrong.
                settled.replace(file, UNFIT + "it is being written at every look");
            }
        });
        return settled;
    }

    private String before(String file) {
        String text = seen.getOrDefault(file, SAVING);
        return text.startsWith(UNFIT) ? SAVING : text;
    }

    private void change(SortedMap<String, String> now) {
        List<Refusal> unfit = now.entrySet().stream()
                .filter(entry ->
                        entry.getValue().startsWith(UNFIT) && !entry.getValue().equals(SAVING))
                .map(entry -> new Refusal(entry.getKey(), 1, entry.getValue().substring(UNFIT.length())))
                .toList();
        SortedMap<String, Loaded> running = live.files();
        SortedMap<String, String> changed = new TreeMap<>(now);
        changed.values().removeIf(text -> text.startsWith(UNFIT));
        live.files().forEach((file, loaded) -> {
            if (loaded.text.equals(now.get(file))) {
                changed.remove(file);
            }
        });
        Check.Result result;
        do {
            SortedMap<String, Loaded> stay = live.files();
            stay.keySet().retainAll(now.keySet());
            changing = changed;
            missing = Set.of();
            result = check.check(changed, stay);
            live.put(result.loaded());
            // After what may take its place: a file that was renamed has its routes all the time.
            leave(now.keySet());
            result.loaded().keySet().forEach(file -> count("taken"));
            taken.addAll(result.loaded().keySet());
            changed.keySet().removeAll(result.loaded().keySet());
            // A file that was taken may have let go of a name that another file waits for.
        } while (!result.loaded().isEmpty() && !changed.isEmpty());
        List<Refusal> former = refusals;
        List<Refusal> wrong = new ArrayList<>(unfit);
        wrong.addAll(result.refusals());
        refusals = List.copyOf(wrong);
        refusals.stream()
                .filter(refusal -> !former.contains(refusal))
                .limit(LINES)
                .forEach(refusal -> LOG.errorf(
                        "%s/%s%s",
                        folder,
                        refusal,
                        running.containsKey(refusal.file()) ? " (what it said before stays in force)" : ""));
        refusals.stream()
                .map(Refusal::file)
                .distinct()
                .filter(file -> !Objects.equals(seen.get(file), now.get(file)))
                .forEach(file -> count("refused"));
    }

    /** Files that are gone leave, with their routes. */
    private void leave(Set<String> there) {
        live.files().keySet().stream().filter(file -> !there.contains(file)).forEach(this::leave);
    }

    private void leave(String file) {
        live.remove(file);
        LOG.infof("%s is gone, with its routes", file);
    }

    /** A file that two looks do not find leaves while others are looked at, unless one of those may take its place. */
    private void meanwhile() {
        SortedMap<String, Loaded> leaving = live.files();
        try {
            Folder now = Folder.read(folder);
            leaving.keySet().removeAll(now.texts().keySet());
            now.wrong().forEach(unfit -> leaving.remove(unfit.file()));
        } catch (IOException e) {
            return;
        }
        Set<String> before = missing;
        missing = Set.copyOf(leaving.keySet());
        leaving.keySet().retainAll(before);
        leaving.values()
                .removeIf(loaded -> loaded.routes.stream()
                        .anyMatch(route -> changing.values().stream().anyMatch(text -> text.contains(route.id()))));
        leaving.keySet().forEach(this::leave);
        gone.addAll(leaving.keySet());
        if (!leaving.isEmpty()) {
            queues.workOff(wanted().keySet());
        }
    }

    /** Files that are there, and what they say is not known now. */
    private Set<String> unclear() {
        Set<String> unclear = new TreeSet<>(files());
        // Both files that give one name are named, and one may be in force as it is.
        live.files().forEach((file, loaded) -> {
            if (loaded.text.equals(seen.get(file))) {
                unclear.remove(file);
            }
        });
        seen.forEach((file, text) -> {
            if (text.equals(SAVING)) {
                unclear.add(file);
            }
        });
        return unclear;
    }

    private void count(String outcome) {
        meters.counter("sandglass.yaml.reloads", "outcome", outcome).increment();
    }

    private SortedMap<String, EventSelector> wanted() {
        SortedMap<String, EventSelector> wanted = new TreeMap<>();
        live.files()
                .values()
                .forEach(file -> file.routes.forEach(route -> {
                    if (route.wanted() != null) {
                        wanted.put(route.id(), route.wanted());
                    }
                }));
        return wanted;
    }

    /** The routes were written down. */
    public synchronized void told(@ExchangeProperty("routes") KnowRoutes routes) {
        if (routes == untold) {
            untold = null;
        }
        wasTold = true;
        taken.forEach(file -> LOG.infof("%s is in force", file));
        taken.clear();
    }

    /** They were not; at a start the health says what is waited for. */
    public synchronized void notTold(Exception why) {
        if (wasTold) {
            LOG.warnf("which routes get events is not written down yet: %s", why.getMessage());
            wasTold = false;
        }
    }
}
