package dev.sandglass.sync.domain;

import java.util.List;

/**
 * Changes of a list out of the ledger.
 *
 * @param after the number they were asked for above
 * @param frames in order
 * @param seq the list's number in the ledger
 */
public record Past(String list, long after, List<Frame> frames, long seq) {

    /** True where this also answers a socket that asks for the changes above another number: by some of these, or by saying that there are none. */
    public boolean reaches(long number) {
        long last = after + frames.size();
        return number >= after && (number < last || last >= seq);
    }

    /** The same changes as clients get to see them. */
    public Past shownAs(List<Frame> shown) {
        return new Past(list, after, shown, seq);
    }
}
