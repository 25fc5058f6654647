using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header: lower-case key, and text or, for keys that end with <c>-bin</c>, bytes. Immutable.</summary>
    public class Entry
    {
        private readonly string? _value;
        private readonly byte[]? _bytes;

        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            ArgumentNullException.ThrowIfNull(valueBytes);
            if (!Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal))
            {
                throw new ArgumentException($"Key '{key}' of a binary value must end with '{BinaryHeaderSuffix}'", nameof(key));
            }

            _bytes = valueBytes.AsSpan().ToArray();
        }

        public Entry(string key, string value)
        {
            Key = Normalize(key);
            ArgumentNullException.ThrowIfNull(value);
            if (Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal))
            {
                throw new ArgumentException($"Key '{key}' of a text value must not end with '{BinaryHeaderSuffix}'", nameof(key));
            }

            _value = value;
        }

        public string Key { get; }

        public bool IsBinary => _value is null;

        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        /// <summary>A copy of the bytes; of a text entry its ASCII bytes.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_value!) : _bytes.AsSpan().ToArray();

        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={_bytes!.Length} bytes]" : $"[Entry: key={Key}, value={_value}]";

        internal bool IsKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            foreach (var character in key)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-'))
                {
                    throw new ArgumentException(
                        $"Metadata key '{key}' is not valid: only letters, digits, underscores, hyphens and dots are", nameof(key));
                }
            }

            return key.ToLowerInvariant();
        }
    }
}
