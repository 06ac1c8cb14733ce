package dev.sandglass.task.memory;

import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.finding.Findable;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The tasks of a list in memory, as they were after one of its changes or later. */
public final class ListView {
    /** Characters that one without tasks takes in memory, about. */
    private static final int EMPTY = 200;

    /** One request at a time reads for it, so that many that wait for the same read it once. */
    final Semaphore turn = new Semaphore(1);

    final String list;
    /** Another once it begins anew: who searches this one goes on. */
    private Map<Integer, Findable> tasks = new ConcurrentHashMap<>();

    private volatile long seq = -1;
    private volatile long used = System.nanoTime();
    private long weight = EMPTY;
    private long counted;
    private boolean forgotten;

    ListView(String list) {
        this.list = list;
    }

    /** The tasks that are here, ready to be searched. */
    synchronized Collection<Findable> tasks() {
        return tasks.values();
    }

    /** The same; empty where it is not up to date with a change. */
    synchronized Optional<Collection<Findable>> tasks(long upTo) {
        return seq < upTo ? Optional.empty() : Optional.of(tasks());
    }

    /** The change it is up to date with. */
    long seq() {
        return seq;
    }

    boolean loaded() {
        return seq >= 0;
    }

    /** Takes a task as it was read, unless a newer one is here. Its user locks it. */
    void put(LedgerTask task) {
        Findable known = tasks.get(task.number());
        if (known != null && known.task().version() > task.task().version()) {
            return;
        }
        if (task.here()) {
            Findable now = task.findable();
            tasks.put(task.number(), now);
            weight += now.weight();
        } else {
            tasks.remove(task.number());
        }
        weight -= known == null ? 0 : known.weight();
    }

    /** Its user locks it. */
    void reached(long newSeq) {
        seq = Math.max(seq, newSeq);
    }

    /** Its user locks it. */
    void clear() {
        seq = -1;
        tasks = new ConcurrentHashMap<>();
        weight = EMPTY;
    }

    void use() {
        used = System.nanoTime();
    }

    long used() {
        return used;
    }

    /** By how many characters it has grown since this was asked; one that is forgotten counts no more. Its user locks it. */
    long grown() {
        long grown = forgotten ? 0 : weight - counted;
        counted += grown;
        return grown;
    }

    /** How many characters it counted for. Its user locks it. */
    long forgotten() {
        long before = forgotten ? 0 : counted;
        forgotten = true;
        return before;
    }
}
