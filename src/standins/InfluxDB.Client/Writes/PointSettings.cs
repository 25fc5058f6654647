namespace InfluxDB.Client.Writes;

/// <summary>Tags that every point gets, unless it has one of that name itself.</summary>
public class PointSettings
{
    private readonly SortedDictionary<string, string> _tags = new(StringComparer.Ordinal);

    /// <param name="key">Name of the tag.</param>
    /// <param name="expression">A value, or <c>${env.NAME}</c> for that of an environment variable.</param>
    public PointSettings AddDefaultTag(string key, string expression)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(expression);
        _tags[key] = Evaluate(expression);
        return this;
    }

    internal IReadOnlyDictionary<string, string> DefaultTags => _tags;

    private static string Evaluate(string expression)
    {
        const string Environment = "${env.";
        if (expression.StartsWith(Environment, StringComparison.Ordinal) && expression.EndsWith('}'))
        {
            return System.Environment.GetEnvironmentVariable(expression[Environment.Length..^1]) ?? "";
        }

        return expression.StartsWith("${", StringComparison.Ordinal)
            ? throw new NotSupportedException($"Default tag {expression}: application settings are not read here")
            : expression;
    }
}
