namespace EcgStream.Fuzz;

/// <summary>A decoder did not throw and yet did what it must not.</summary>
internal sealed class FindingException(string message) : Exception(message);
