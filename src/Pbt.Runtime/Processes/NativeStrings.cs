using System.Runtime.InteropServices;
using System.Text;

namespace Pbt.Runtime.Processes;

/// <summary>A NULL-terminated vector of UTF-8 C strings in unmanaged memory, as <c>argv</c> and <c>envp</c> are.</summary>
/// <remarks>Owns one block of memory; not thread-safe. Strings must hold no NUL character.</remarks>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte** _block;

    internal NativeStrings(IReadOnlyCollection<string> strings)
    {
        var pointers = (strings.Count + 1) * sizeof(byte*);
        var size = pointers + strings.Sum(text => Encoding.UTF8.GetByteCount(text) + 1);
        _block = (byte**)NativeMemory.Alloc((nuint)size);
        var next = (byte*)_block + pointers;
        var left = size - pointers;
        var index = 0;
        foreach (var text in strings)
        {
            _block[index++] = next;
            var written = Encoding.UTF8.GetBytes(text, new Span<byte>(next, left));
            next[written] = 0;
            next += written + 1;
            left -= written + 1;
        }

        _block[index] = null;
    }

    internal byte** Vector => _block;

    internal byte* this[int index] => _block[index];

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
