: mangle INPUT
6 -j SNPT --src-pfx fd00::/48 --dst-pfx 2001:db8:1::/48 ; = ; OK
    udp path=input                        ; yes
6 -j SNPT --src-pfx dead::/64 --dst-pfx 1c3::/64 ; = ; OK
    udp path=input                        ; yes
6 patch 32 41                             ;   ; FAIL prefixes of 65
6 patch 15 01                             ;   ; FAIL bits behind its length
6 -j SNPT --src-pfx fd00::/65 --dst-pfx 2001:db8:1::/65 ;   ; FAIL Invalid argument
6 -j SNPT --src-pfx fd00::1/48 --dst-pfx 2001:db8:1::/48 ;   ; FAIL Invalid argument
6 -j SNPT --src-pfx fd00::/48             ;   ; FAIL must be specified
6 bytes 01 00                             ;   ; FAIL 2 bytes of data, expected 36
