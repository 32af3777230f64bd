namespace AkkaStream.TestKit;

/// <summary>What was expected did not happen. The text says what was awaited, and what came in its place.</summary>
public sealed class TestFailedException(string message, Exception? cause = null) : Exception(message, cause);
