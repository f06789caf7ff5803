: filter INPUT,OUTPUT
# The sender has no class, which is class 0.
-m cgroup --cgroup 1                         ; = ; OK
    udp                                      ; no
    udp path=input                           ; no
-m cgroup ! --cgroup 1                       ; = ; OK
    udp                                      ; yes
    udp path=input                           ; no          # without a socket false, inverted or not
-m cgroup --cgroup 0                         ; = ; OK
    udp                                      ; yes
    udp frag=3                               ; yes
    udp path=input                           ; no
-m cgroup ! --cgroup 0                       ; = ; OK
    udp                                      ; no
    udp path=input                           ; no
-m cgroup --cgroup 4294967295                ; = ; OK
    udp                                      ; no
patch 3 01                                   ; -m cgroup ! --cgroup 4294967295 ; OK
    udp                                      ; yes
patch 3 04                                   ;   ; FAIL invert_classid 4
patch 2 02                                   ;   ; FAIL invert_path 2
patch 0 00 00                                ;   ; FAIL has_path 0, has_classid 0
patch 0 01 01                                ;   ; FAIL has_path 1, has_classid 1
patch 1 02                                   ; -m cgroup --cgroup 4294967295 ; OK
revision 0 00 00 00 00 00 00 00 00           ; -m cgroup --cgroup 0 ; OK
    udp                                      ; yes
    udp path=input                           ; no
revision 0 00 00 00 00 02 00 00 00           ;   ; FAIL invert 0x2
-m cgroup --path "/"                         ; = ; REFUSED the control group of the sender
-m cgroup ! --path "/"                       ; = ; REFUSED the control group of the sender
6 -m cgroup --cgroup 0                       ; = ; OK
    udp                                      ; yes
    udp path=input                           ; no
6 -m cgroup ! --cgroup 7                     ; = ; OK
    udp                                      ; yes
    frag=8 udp                               ; yes
    udp path=input                           ; no
-m cgroup --path /nonexistent                ;   ; FAIL Invalid argument
-m cgroup --cgroup 1 --path "/"              ;   ; FAIL Invalid argument
-m cgroup                                    ;   ; FAIL Invalid argument
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected
