: mangle OUTPUT
6 -j DNPT --src-pfx dead::/64 --dst-pfx 1c3::/64 ; = ; OK
    udp                                   ; yes
6 patch 33 41                             ;   ; FAIL prefixes of
6 patch 31 01                             ;   ; FAIL bits behind its length
6 -j DNPT --src-pfx dead::beef --dst-pfx 1c3::/64 ;   ; FAIL Invalid argument
6 -j DNPT --dst-pfx dead::/64             ;   ; FAIL must be specified
6 bytes 01 00                             ;   ; FAIL 2 bytes of data, expected 36
