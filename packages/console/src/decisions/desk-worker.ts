/** The playground's worker: evaluates, on closures, and says which lines decided. */
import "@custody/playground/worker";
