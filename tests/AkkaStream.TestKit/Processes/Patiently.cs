namespace AkkaStream.TestKit.Processes;

/// <summary>
/// Asking a running broker until the answer is the awaited one. Bounded: what does not come in a minute is told with the last answer,
/// and an answer after which the awaited one cannot come any more ends the asking at once.
/// </summary>
public static class Patiently
{
    const int MostAttempts = 3_000;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="ask">Asks once.</param>
    /// <param name="isAwaited">Whether this is the answer.</param>
    /// <param name="instead">What the test says of an answer that was the last and is not the awaited one.</param>
    /// <param name="mayStillCome">Whether asking again makes sense; always, if left out.</param>
    public static async Task<T> AskAsync<T>(
        Func<Task<T>> ask, Func<T, bool> isAwaited, Func<T, string> instead, Func<T, bool>? mayStillCome = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            var answer = await ask().ConfigureAwait(false);
            if (isAwaited(answer)) return answer;
            if (attempt == MostAttempts || mayStillCome?.Invoke(answer) == false) throw new TestFailedException(instead(answer));
            await Task.Delay(Pause, TimeProvider.System).ConfigureAwait(false);
        }
    }
}
