namespace AkkaStream.Cli;

/// <summary>The tool cannot do what was asked; the message goes to the user as it is.</summary>
sealed class ToolFailedException(string message) : Exception(message);
